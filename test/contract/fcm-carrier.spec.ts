import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Carrier, OutgoingText } from '../../src/carriers/carrier.js';
import { CarrierKinds, type CarrierContext } from '../../src/carriers/carrier-kinds.js';
import { FcmKind } from '../../src/carriers/fcm/fcm-kind.js';
import { loadConfig } from '../../src/config/load-config.js';
import { FakeFcm, fcmError } from '../fakes/fcm.js';
import type { Reply } from '../fakes/provider-server.js';
import { contextOf } from './carrier-under-test.js';

const PUSH: OutgoingText = {
  attempt: 'msg_1.lea_1',
  channel: 'push',
  to: 'token:dev1ce:APA91b-_x',
  from: null,
  subject: 'Đơn hàng',
  text: 'Đã giao “xong” 👋',
};
const never = () => new AbortController().signal;
const reason = expect.any(String);

describe('a Firebase project as a carrier', () => {
  const kind = new FcmKind(new CarrierKinds());
  let fake: FakeFcm;
  let carrier: Carrier;
  const open = (more: object = {}, context: Partial<CarrierContext> = {}) => {
    const values = { project_id: fake.projectId, service_account: fake.serviceAccount(), ...more };
    return kind.open(values, contextOf({ baseUrl: fake.url, ...context }));
  };
  const send = (more: Partial<OutgoingText> = {}) => carrier.send({ ...PUSH, ...more }, never());
  const tokenCalls = () => fake.calls.filter(({ path }) => path === '/token').length;

  beforeAll(async () => {
    fake = await new FakeFcm().start();
  });
  beforeEach(async () => {
    carrier = await open();
    fake.calls.length = 0;
    fake.taken.length = 0;
    fake.tokenReply = null;
  });
  afterAll(() => fake.stop());

  it('takes a push with its title and its text, once, as the service account', async () => {
    const outcome = await send();
    expect(outcome).toEqual({ kind: 'accepted', ref: fake.taken[0]!.ref, receipts: false });
    const notification = { title: PUSH.subject, body: PUSH.text };
    expect(fake.taken.map(({ message }) => message)).toEqual([{ token: 'dev1ce:APA91b-_x', notification }]);
  });

  it.each([
    ['fid:eXampleFid_-123', { fid: 'eXampleFid_-123' }],
    ['topic:orders', { topic: 'orders' }],
  ])('knows targets of every kind: %s', async (to, target) => {
    await send({ to });
    expect(fake.taken[0]!.message).toMatchObject(target);
    expect(Object.keys(fake.taken[0]!.message)).toHaveLength(2);
  });

  it('asks nobody about what is no target, or is too large', async () => {
    const refused = { kind: 'refused', fault: 'recipient', code: 'bad_target', reason };
    for (const to of ['dev1ce:APA91', 'token:', '+84901234567']) expect(await send({ to })).toEqual(refused);
    expect(await send({ text: '👋'.repeat(1000) })).toEqual({ ...refused, fault: 'text', code: 'too_large' });
    expect(fake.calls).toHaveLength(0);
  });

  it('gets one token for many pushes at once, and keeps it', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, i) => send({ to: `token:device-${i}` })));
    await send();
    expect([tokenCalls(), fake.taken.length]).toEqual([1, 11]);
  });

  it('gets another token once the one that it has is not taken any more', async () => {
    await send();
    fake.tokens += 1000;
    const held = { kind: 'later', cause: 'failure', account: true, retry_after: 60, code: 'UNAUTHENTICATED', reason };
    expect(await send()).toEqual(held);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(tokenCalls()).toBe(2);
  });

  const refused = (fault: string, code: string) => ({ kind: 'refused', fault, code, reason });
  const later = (code: string, more: object = {}) => ({ kind: 'later', cause: 'load', code, reason, ...more });
  const invalid = (field?: string) => fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', field);
  const unknown = { kind: 'unknown', reason };
  it.each<[string, Reply, unknown]>([
    [
      'that the app is gone',
      fcmError(404, 'NOT_FOUND', 'UNREGISTERED'),
      { ...refused('recipient', 'UNREGISTERED'), dead_address: true },
    ],
    [
      'that the token is none',
      invalid('message.token'),
      { ...refused('recipient', 'INVALID_ARGUMENT'), dead_address: true },
    ],
    ['that something is not valid', invalid(), refused('recipient', 'INVALID_ARGUMENT')],
    ['that another field is not valid', invalid('message.topic'), refused('recipient', 'INVALID_ARGUMENT')],
    ['that there is no such project', fcmError(404, 'NOT_FOUND'), refused('route', 'NOT_FOUND')],
    [
      'that the device is of another project',
      fcmError(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH'),
      refused('route', 'SENDER_ID_MISMATCH'),
    ],
    [
      'that the account may not send',
      fcmError(403, 'PERMISSION_DENIED'),
      later('PERMISSION_DENIED', { cause: 'failure', account: true, retry_after: 300 }),
    ],
    [
      "that Apple's key is wrong",
      fcmError(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR'),
      later('THIRD_PARTY_AUTH_ERROR', { cause: 'failure' }),
    ],
    [
      'that the quota is used up',
      fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'),
      later('QUOTA_EXCEEDED', { retry_after: 60 }),
    ],
    ['that it is overloaded', fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE'), later('UNAVAILABLE')],
    ['a page with 503', { status: 503, body: '<html>Service Unavailable</html>' }, unknown],
    ['a failure of its own', fcmError(500, 'INTERNAL', 'INTERNAL'), unknown],
    ['a redirect', { status: 302, body: '' }, later('http_302', { cause: 'failure' })],
    ['something new', fcmError(409, 'ABORTED', 'SOMETHING_NEW'), refused('route', 'SOMETHING_NEW')],
  ])('is asked once where Firebase answers %s', async (_, reply, outcome) => {
    fake.next({ reply });
    expect(await send()).toEqual(outcome);
    expect(fake.sendCalls()).toHaveLength(1);
  });

  it.each<[Reply, object]>([
    [
      { status: 400, body: { error: 'invalid_grant' } },
      { cause: 'failure', code: 'invalid_grant', account: true, retry_after: 60 },
    ],
    [
      { status: 500, body: 'oops' },
      { cause: 'failure', code: 'http_500' },
    ],
    [
      { status: 200, body: 'no JSON' },
      { cause: 'failure', code: 'no_token' },
    ],
  ])('sends nothing without a token: %j', async (reply, more) => {
    fake.tokenReply = reply;
    expect(await send()).toEqual({ kind: 'later', reason, ...more });
    expect(fake.sendCalls()).toHaveLength(0);
    fake.tokenReply = null;
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  it('is tested by getting a token, each time anew', async () => {
    expect(await carrier.test(never())).toEqual({ kind: 'proven' });
    fake.tokenReply = { status: 400, body: { error: 'invalid_grant' } };
    const outcome = { kind: 'refused', field: 'service_account', code: 'invalid_grant', reason };
    expect(await carrier.test(never())).toEqual(outcome);
    fake.tokenReply = { status: 503, body: '' };
    expect(await carrier.test(never())).toEqual({ kind: 'untried', code: 'http_503', reason });
    expect([tokenCalls(), fake.sendCalls().length]).toEqual([3, 0]);
  });

  it('trusts a stand-in whose certificate nobody has signed outside production alone', async () => {
    const production = await open({}, { trustsStandIn: false });
    const unsent = { kind: 'later', cause: 'failure', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', reason };
    expect(await production.send(PUSH, never())).toEqual(unsent);
    expect(fake.calls).toHaveLength(0);
  });

  it('comes from the environment, with what browsers need', () => {
    const web = '{"apiKey":"AIza","projectId":"shop","messagingSenderId":"1","appId":"1:1:web:1"}';
    const env = { FIREBASE_PROJECT_ID: 'shop', FIREBASE_SERVICE_ACCOUNT: fake.serviceAccount() };
    const config = loadConfig({ ...env, FIREBASE_WEB_CONFIG: web, FIREBASE_BASE_URL: 'https://127.0.0.1:1/' });
    const service_account = env.FIREBASE_SERVICE_ACCOUNT;
    expect(kind.fromEnvironment(config)).toEqual({ project_id: 'shop', service_account, web_config: web });
    expect(kind.baseUrl(config)).toBe('https://127.0.0.1:1');
    expect(kind.fromEnvironment(loadConfig(env))).toEqual({ project_id: 'shop', service_account });
    expect(kind.fromEnvironment(loadConfig({ FIREBASE_WEB_CONFIG: web }))).toBeNull();
  });

  it('has fields that are read before anything is tried', () => {
    const problem = expect.any(String);
    expect(kind.flaw({ project_id: 'shop', service_account: '{}' })).toEqual({ field: 'service_account', problem });
    expect(kind.flaw({ project_id: 'shop', web_config: '{}' })).toEqual({ field: 'web_config', problem });
    expect(kind.flaw({ project_id: 'shop', service_account: fake.serviceAccount() })).toBeNull();
    expect(kind.flaw({ project_id: 'shop' })).toBeNull();
  });
});
