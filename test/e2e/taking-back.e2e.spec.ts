import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must } from '../support/people.js';
import { createKey, registerPhone } from '../support/shop.js';

/** Everything that can be taken back, with a value that it isn't by itself. */
const CHOICES = {
  key: [
    ['rate_limit_per_day', 5],
    ['expires_at', '2127-01-31T00:00:00.000Z'],
  ],
  user: [
    ['email', 'an@example.com'],
    ['phone', '+84901234567'],
  ],
  phone: [
    ['label', 'Shop'],
    ['rate_limit_per_min', 7],
    ['daily_cap', 9],
    ['hourly_cap', 8],
    ['hours', { from: '08:00', to: '20:00', zone: 'UTC' }],
  ],
  settings: [
    ['org_name', 'SafeShop'],
    ['anti_dup_minutes', 77],
    ['max_text_length', 99],
    ['message_ttl_hours', 5],
    ['agent_rate_limit_per_min', 3],
    ['app_rate_limit_per_min', 4],
    ['app_hourly_cap_per_sim', 5],
    ['agent_hours', { from: '22:00', to: '04:00', zone: 'UTC' }],
    ['agent_rotation', 'old_token'],
    ['segment_prices', { agent: 250 }],
    ['currency', 'VND'],
    ['blank_texts_after_days', 30],
    ['remove_messages_after_days', 60],
    ['remove_audit_logs_after_days', 90],
  ],
} as const;
type Thing = keyof typeof CHOICES;
const CASES = Object.entries(CHOICES).flatMap(([thing, choices]) =>
  choices.map(([field, value]): [Thing, string, unknown] => [thing as Thing, field, value]),
);

describe('null in a change', () => {
  let gateway: TestGateway;
  let admin: Api;
  const paths = {} as Record<Thing, string>;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
    paths.key = `/admin/api-keys/${(await createKey(admin, ['sms:send'])).id}`;
    paths.user = `/admin/users/${(await addPerson(gateway, admin, 'viewer')).id}`;
    paths.phone = `/admin/agents/${(await registerPhone(gateway)).agentId}`;
    paths.settings = '/admin/settings';
  });
  afterAll(() => gateway.stop());

  it.each(CASES)('takes back what was chosen for a %s: %s', async (thing, field, value) => {
    const path = paths[thing];
    const change = async (to: unknown) =>
      must(200, await admin.call(thing === 'settings' ? 'PUT' : 'PATCH', path, { [field]: to }))[field];
    const before = must(200, await admin.get(path))[field];
    expect(await change(value)).toEqual(value);
    expect(await change(null)).toEqual(before);
    expect(must(200, await admin.get(path))[field]).toEqual(before);
  });
});
