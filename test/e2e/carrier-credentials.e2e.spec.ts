import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeFlowroute } from '../fakes/flowroute.js';
import { FakeTwilio } from '../fakes/twilio.js';
import type { ProviderServer } from '../fakes/provider-server.js';
import type { Api } from '../support/api.js';
import { newTenant } from '../support/dispatching.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';

const twilio = new FakeTwilio();
const flowroute = Object.assign(new FakeFlowroute(), { secretKey: 'secret-of-the-fake-account' });

const PROVIDERS = [
  {
    name: 'twilio',
    fake: twilio as ProviderServer,
    secret: 'auth_token',
    body: () => ({ account_sid: twilio.accountSid, auth_token: twilio.authToken, from: '+15005550006' }),
    urls: { inbound: 'https://sms.example.com/carriers/twilio/inbound' },
  },
  {
    name: 'flowroute',
    fake: flowroute as ProviderServer,
    secret: 'secret_key',
    body: () => ({ access_key: flowroute.accessKey, secret_key: flowroute.secretKey, from: '+12065550100' }),
    urls: {
      inbound: expect.stringMatching(/^https:\/\/sms\.example\.com\/carriers\/flowroute\/[\w-]{32}\/inbound$/),
      receipt: expect.stringMatching(/^https:\/\/sms\.example\.com\/carriers\/flowroute\/[\w-]{32}\/receipt$/),
    },
  },
];

describe('the credentials of an account', () => {
  let gateway: TestGateway;
  let platform: Api;
  let shops = 0;
  async function shop(): Promise<Api> {
    const slug = `shop-${++shops}`;
    await newTenant(gateway, slug);
    return platform.as({ 'x-tenant': slug });
  }

  beforeAll(async () => {
    await Promise.all([twilio.start(), flowroute.start()]);
    gateway = await TestGateway.start({
      TWILIO_BASE_URL: twilio.url,
      FLOWROUTE_BASE_URL: flowroute.url,
      PUBLIC_URL: 'https://sms.example.com/',
    });
    platform = await gateway.admin();
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([twilio.stop(), flowroute.stop()]);
  });

  it.each(PROVIDERS)('at $name are tried before they are stored', async ({ name, fake, secret, body, urls }) => {
    const admin = await shop();
    const path = `/admin/carriers/${name}`;
    const wrong = await admin.put(path, { ...body(), [secret]: 'wild-boar' });
    expectError(wrong, 400, 'carrier_refused', secret);
    expect(JSON.stringify(wrong.body)).not.toContain('wild-boar');
    expect(must(200, await admin.get(path))).toMatchObject({ configured: null });

    const stored = must(200, await admin.put(path, body()));
    expect(stored).toMatchObject({ configured: 'store', test: { ok: true }, callback_urls: urls });
    expect(stored.verified_at).not.toBeNull();
    expectError(await (await shop()).put(path, body()), 409, 'carrier_account_taken');
    expect(must(200, await admin.post(`${path}/test`))).toMatchObject({ ok: true });
    expect(fake.sendCalls()).toEqual([]);
    must(200, await admin.delete(path));
  });

  it.each(PROVIDERS)('at $name are stored unproven while it does not answer', async ({ name, body }) => {
    const away = await TestGateway.start();
    try {
      const admin = await away.admin();
      const stored = must(200, await admin.put(`/admin/carriers/${name}`, body()));
      expect(stored).toMatchObject({
        configured: 'store',
        verified_at: null,
        test: { ok: false, code: 'ECONNREFUSED' },
      });
      expect(stored.test.reason).toContain('did not answer');
      expect(stored.callback_urls).toBeNull();
    } finally {
      await away.stop();
    }
  });
});
