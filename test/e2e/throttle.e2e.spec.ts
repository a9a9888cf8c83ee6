import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { createKey, registerPhone, type Phone } from '../support/shop.js';

describe('a caller who calls too often', () => {
  let gateway: TestGateway;
  let admin: Api;
  let one: Api;
  let other: Api;
  let phone: Phone;

  beforeAll(async () => {
    gateway = await TestGateway.start({ THROTTLE_PER_MIN: '5' });
    admin = await gateway.admin();
    one = gateway.api.withKey((await createKey(admin, ['sms:read'])).plain_key);
    other = gateway.api.withKey((await createKey(admin, ['sms:read'])).plain_key);
    phone = await registerPhone(gateway);
  });
  afterAll(() => gateway.stop());
  // An hour of its own for every test.
  let hour = 10;
  beforeEach(() => gateway.clock.set(`2126-11-21T${++hour}:00:00.000Z`));

  const spend = async (api: Api, path = '/templates') => {
    for (let i = 0; i < 5; i++) expect((await api.get(path)).status).toBe(200);
  };

  it('is told to wait, whatever the route, until the minute is over', async () => {
    await spend(one);
    gateway.clock.advance(20);
    for (const path of ['/templates', '/messages/all', '/templates/tpl_none']) {
      const refused = await one.get(path);
      expectError(refused, 429, 'throttled');
      expect(refused.headers.get('retry-after')).toBe('40');
    }
    gateway.clock.advance(39);
    expectError(await one.get('/templates'), 429, 'throttled');
    gateway.clock.advance(1);
    await spend(one);
    expectError(await one.get('/templates'), 429, 'throttled');
  });

  it('doesn’t take from others at the same address', async () => {
    await spend(one);
    expectError(await one.get('/templates'), 429, 'throttled');
    await spend(other);
    await spend(admin, '/auth/me');
    await spend(phone.api, '/agent/jobs/next');
    expectError(await phone.api.get('/agent/jobs/next'), 429, 'throttled');
  });

  it('is told so before a byte of the body', async () => {
    await spend(one);
    const head = `POST /requests HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 7000000`;
    const key = `x-api-key: ${one.credentials['x-api-key']}`;
    const socket = openSocket(gateway.url, `${head}\r\n${key}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 429 /);
  });

  it('doesn’t wait for a time that comes twice when the clock is set back', async () => {
    await spend(one);
    expectError(await one.get('/templates'), 429, 'throttled');
    gateway.clock.advance(-1800);
    await spend(one);
    const refused = await one.get('/templates');
    expectError(refused, 429, 'throttled');
    expect(refused.headers.get('retry-after')).toBe('60');
  });

  it('is counted for what they may not call, too', async () => {
    for (let i = 0; i < 5; i++) expectError(await one.get('/admin/users'), 403, 'forbidden');
    expectError(await one.get('/admin/users'), 429, 'throttled');
  });

  it('is counted once for each call, with a body or without', async () => {
    const beat = () => phone.api.post('/agent/heartbeat', {});
    for (let i = 0; i < 5; i++) expect((await beat()).status).toBe(200);
    expectError(await beat(), 429, 'throttled');
  });

  it('is still told 405 and 404', async () => {
    await spend(one);
    expectError(await one.get('/templates'), 429, 'throttled');
    const wrongMethod = await one.patch('/templates', {});
    expectError(wrongMethod, 405, 'method_not_allowed');
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD, POST');
    expectError(await one.get('/nowhere'), 404, 'route_not_found');
  });

  it('can’t keep others from logging in, nor a monitor from looking', async () => {
    for (let i = 0; i < 7; i++) expect((await gateway.api.get('/health')).status).toBe(200);
    for (let i = 0; i < 7; i++) expect((await gateway.api.post('/auth/login', {})).status).toBe(400);
    expect((await gateway.admin()).url).toBe(gateway.url);
  });

  it('is not counted for calls that are made with nobody’s credentials', async () => {
    for (let i = 0; i < 7; i++) expectError(await gateway.api.get('/templates'), 401, 'unauthenticated');
    await spend(one);
  });
});

describe('with THROTTLE_PER_MIN=0', () => {
  it('nobody is told to wait', async () => {
    const gateway = await TestGateway.start({ THROTTLE_PER_MIN: '0' });
    const admin = await gateway.admin();
    for (let i = 0; i < 30; i++) expect((await admin.get('/auth/me')).status).toBe(200);
    await gateway.stop();
  });
});

const onMongo = process.env['E2E_STORE'] === 'mongo' ? describe : describe.skip;

onMongo('two gateways on one MongoDB', () => {
  const LIMIT = 200;
  let first: TestGateway;
  let second: TestGateway;
  let key: { id: string; plain_key: string };

  beforeAll(async () => {
    const env = { THROTTLE_PER_MIN: String(LIMIT), JWT_SECRET: '0123456789abcdef0123456789abcdef' };
    first = await TestGateway.start(env);
    second = await TestGateway.start({ ...env, MONGO_DB: first.database });
  });
  afterAll(async () => {
    await second.stop();
    await first.stop();
  });
  beforeEach(async () => {
    key = await createKey(await first.admin(), ['sms:read']);
  });
  /** How many of so many calls at once were let through. */
  const call = async ({ api }: TestGateway, times: number) => {
    const answers = await Promise.all(
      Array.from({ length: times }, () => api.withKey(key.plain_key).get('/templates')),
    );
    return answers.filter(({ status }) => status === 200).length;
  };
  const taken = async () => {
    const counts = await first.store.collection<{ _id: string; taken: number }>('throttle').find({});
    return counts.filter(({ _id }) => _id.startsWith(`${key.id}:`)).map((count) => count.taken);
  };

  it('share one limit', async () => {
    expect(await call(first, 1)).toBe(1);
    expect(await call(second, LIMIT - 1)).toBe(LIMIT - 2);
    // What is left is the first one's: it took two and used one.
    expect(await call(first, 3)).toBe(1);
    for (const { clock } of [first, second]) clock.advance(60);
    expect([await call(first, 1), await call(second, 1)]).toEqual([1, 1]);
  });

  it('write once for a hundredth of it, and no more when it is used up', async () => {
    await call(first, 2);
    expect(await taken()).toEqual([2]);
    await call(second, 1);
    expect(await taken()).toEqual([4]);
    await call(first, LIMIT);
    const full = await taken();
    await call(first, 20);
    expect(await taken()).toEqual(full);
    expect(full[0]).toBeLessThanOrEqual(LIMIT + 2);
  });
});

function openSocket(url: string, text: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  return socket;
}
