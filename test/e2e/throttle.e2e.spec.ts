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
