import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SettingsDoc } from '../../src/tenants/settings.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';
import { fieldsOf } from '../support/sending.js';

const DEFAULTS = {
  org_name: 'Shop',
  default_country_prefix: '+49',
  default_country: null,
  time_zone: null,
  allow_short_codes: false,
  block_international: false,
  max_per_day_international: null,
  anti_dup_minutes: 3,
  max_text_length: 500,
  message_ttl_hours: 72,
  agent_rate_limit_per_min: 10,
  app_rate_limit_per_min: 10,
  app_hourly_cap_per_sim: 200,
  agent_hours: null,
  agent_rotation: 'secret',
  opt_out_scope: 'tenant',
  opt_out_words: {},
  opt_out_confirmation: true,
  opt_out_confirmation_texts: {},
  session_start_msg: 'Your new session has started, send a message!',
  session_end_msg: 'This session has ended, talk to you again soon!',
  no_session_msg: 'An active session was not found.',
  not_relayed_msg: 'Your message could not be delivered.',
  on_unknown: 'reply',
  on_unknown_url: null,
  self_registration: false,
  segment_prices: {},
  currency: null,
  blank_texts_after_days: null,
  blank_relayed_texts_after_days: null,
  remove_messages_after_days: null,
  remove_audit_logs_after_days: null,
};
const CHOSEN = {
  org_name: 'Quán Phở',
  default_country_prefix: '+44',
  default_country: 'GG',
  time_zone: 'Europe/London',
  allow_short_codes: true,
  block_international: true,
  max_per_day_international: 0,
  anti_dup_minutes: 0,
  max_text_length: 160,
  message_ttl_hours: 1,
  agent_rate_limit_per_min: 1,
  app_rate_limit_per_min: 2,
  app_hourly_cap_per_sim: 0,
  agent_hours: { from: '08:00', to: '20:00', days: ['mon', 'sat'], zone: 'Asia/Ho_Chi_Minh' },
  agent_rotation: 'old_token',
  opt_out_scope: 'sender',
  opt_out_words: { stop: ['BAJA', 'HUY'], help: ['ayuda'] },
  opt_out_confirmation: false,
  opt_out_confirmation_texts: { vi: '{org_name}: da dung.' },
  session_start_msg: 'Cuộc trò chuyện bắt đầu.',
  session_end_msg: 'Cuộc trò chuyện đã kết thúc.',
  no_session_msg: 'Không có cuộc trò chuyện nào.',
  not_relayed_msg: 'Không gửi được tin.',
  on_unknown: 'reply',
  on_unknown_url: 'https://example.com/hook?of=shop',
  self_registration: true,
  segment_prices: { agent: 0.05, 'group:day': 250 },
  currency: 'VND',
  blank_texts_after_days: 30,
  blank_relayed_texts_after_days: 0,
  remove_messages_after_days: 400,
  remove_audit_logs_after_days: 30,
};
const NO_CHOICE = Object.fromEntries(Object.keys(CHOSEN).map((name) => [name, null]));

describe('settings', () => {
  let gateway: TestGateway;
  let admin: Api;
  let acme: Api;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      APP_NAME: 'gateway',
      ORG_NAME: 'Shop',
      DEFAULT_COUNTRY_PREFIX: '+49',
      BLOCK_INTERNATIONAL: '0',
      MAX_TEXT_LENGTH: '500',
    });
    admin = await gateway.admin();
    acme = (await addTenant(gateway, admin, 'acme')).admin.api;
  });
  afterAll(() => gateway.stop());
  beforeEach(() => put(NO_CHOICE));

  const get = async (api = admin) => must(200, await api.get('/admin/settings'));
  const put = async (body: object, api = admin) => must(200, await api.put('/admin/settings', body));

  it('follow the environment until they are chosen, and again when the choice is taken back (null)', async () => {
    expect(await get()).toEqual(DEFAULTS);
    expect(await put(CHOSEN)).toEqual(CHOSEN);
    expect(await get()).toEqual(CHOSEN);
    expect(await put(NO_CHOICE)).toEqual(DEFAULTS);
    expect(await get()).toEqual(DEFAULTS);
  });

  it('are changed one by one', async () => {
    await put({ org_name: 'One', anti_dup_minutes: 7 });
    expect(await put({ org_name: 'Two' })).toEqual({ ...DEFAULTS, org_name: 'Two', anti_dup_minutes: 7 });
    expect(await put({ org_name: null })).toEqual({ ...DEFAULTS, anti_dup_minutes: 7 });
    expect(await put({})).toEqual({ ...DEFAULTS, anti_dup_minutes: 7 });
  });

  it('that can’t be together are not made so by two changes at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      await put(NO_CHOICE);
      const answers = await Promise.all([
        admin.put('/admin/settings', { blank_texts_after_days: 30 }),
        admin.put('/admin/settings', { remove_messages_after_days: 20 }),
        admin.put('/admin/settings', { org_name: 'Beside' }),
      ]);
      expect(
        answers
          .slice(0, 2)
          .map(({ status }) => status)
          .sort(),
      ).toEqual([200, 400]);
      expect(await get()).toMatchObject({ org_name: 'Beside' });
    }
  });

  it('are each tenant’s own', async () => {
    await put(CHOSEN, acme);
    expect(await get()).toEqual(DEFAULTS);
    expect(await get(acme)).toEqual(CHOSEN);
    expect(await get(admin.as({ 'x-tenant': 'acme' }))).toEqual(CHOSEN);
  });

  it('leave the registration secret alone, and it them', async () => {
    await admin.put('/admin/agent/registration-secret', { registration_secret: 'open-sesame' });
    await put({ org_name: 'One' });
    expect((await admin.get('/admin/agent/registration-secret')).body.registration_secret).toBe('open-sesame');
    expect(await get()).toEqual({ ...DEFAULTS, org_name: 'One' });
  });

  it('have a hook with its secret, which is made where none is given, and shown then alone', async () => {
    const hook = { on_unknown: 'webhook', on_unknown_url: 'https://example.com/hook' };
    expectError(
      await admin.put('/admin/settings', { on_unknown: 'webhook' }),
      400,
      'invalid_request',
      'on_unknown_url',
    );
    const { on_unknown_secret: made, ...settings } = await put(hook);
    expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(settings).toEqual({ ...DEFAULTS, ...hook });
    expect(await get()).toEqual(settings);
    expect(await put(hook)).toEqual(settings);
    expectError(await admin.put('/admin/settings', { on_unknown_url: null }), 400, 'invalid_request', 'on_unknown_url');
    const stored = async () =>
      (await gateway.store.collection<SettingsDoc>('app_config').find({ on_unknown_secret: { $gt: '' } }))[0]!;
    const sealed = (await stored()).on_unknown_secret;
    expect(sealed).not.toContain(made);
    const given = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
    expect(await put({ on_unknown_secret: given })).toEqual(settings);
    expect((await stored()).on_unknown_secret).not.toBe(sealed);
    const { on_unknown_secret: next } = await put({ on_unknown_secret: null });
    expect(next).not.toBe(made);
    const lines = JSON.stringify(must(200, await admin.get('/admin/audit-logs?action=UPDATE_SETTINGS')));
    for (const secret of [made, given, next]) expect(lines).not.toContain(secret);
    expect(lines).toContain('"on_unknown_secret":"changed"');
  });

  it('survive a restart', async () => {
    await put({ max_text_length: 99 });
    await gateway.restart();
    admin = await gateway.admin();
    expect(await get()).toEqual({ ...DEFAULTS, max_text_length: 99 });
  });

  it.each([
    ['org_name', ''],
    ['org_name', 7],
    ['default_country_prefix', '84'],
    ['default_country_prefix', '+0'],
    ['default_country_prefix', '+840'],
    ['default_country', 'VN'],
    ['default_country', 'de'],
    ['time_zone', 'Europe/Lundon'],
    ['time_zone', '+01:00'],
    ['time_zone', ' '],
    ['allow_short_codes', 1],
    ['block_international', 'true'],
    ['anti_dup_minutes', -1],
    ['anti_dup_minutes', '3'],
    ['max_text_length', 0],
    ['message_ttl_hours', 721],
    ['agent_rate_limit_per_min', 0],
    ['remove_audit_logs_after_days', 29],
    ['remove_audit_logs_after_days', 3651],
    ['max_per_day_international', -1],
    ['opt_out_scope', 'world'],
    ['opt_out_confirmation', 'no'],
    ['agent_rotation', 'never'],
    ['agent_rotation', { $ne: null }],
    ['registration_secret', 'not-here'],
    ['blank_relayed_texts_after_days', -1],
    ['blank_relayed_texts_after_days', 3651],
    ['on_unknown', 'ask'],
    ['on_unknown_url', 'ftp://example.com/'],
    ['on_unknown_url', 'https://user:pass@example.com/'],
    ['on_unknown_secret', 'too-simple'],
  ])('are refused with a wrong %s: %j, and none is changed', async (field, value) => {
    const answer = await admin.put('/admin/settings', { message_ttl_hours: 5, [field]: value });
    expectError(answer, 400, 'invalid_request', field);
    expect(await get()).toEqual(DEFAULTS);
  });

  it.each([
    ['opt_out_words', ['BAJA']],
    ['opt_out_words', { stop: 'BAJA' }],
    ['opt_out_words', { halt: ['BAJA'] }],
    ['opt_out_words', { stop: ['...'] }],
    ['opt_out_words', { stop: ['x'.repeat(41)] }],
    ['opt_out_words', { stop: Array.from({ length: 51 }, (_, i) => `w${i}`) }],
    ['opt_out_confirmation_texts', { fr: 'Fini.' }],
    ['opt_out_confirmation_texts', { en: '' }],
    ['opt_out_confirmation_texts', { en: 'x'.repeat(301) }],
  ])('are refused with a part of %s that is wrong: %j', async (field, value) => {
    const answer = await admin.put('/admin/settings', { message_ttl_hours: 5, [field]: value });
    expectError(answer, 400, 'invalid_request');
    for (const named of fieldsOf(answer)) expect(named).toMatch(new RegExp(`^${field}(\\.|$)`));
    expect(await get()).toEqual(DEFAULTS);
  });
});
