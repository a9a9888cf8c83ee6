import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import type { Api } from '../support/api.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { must, PASSWORD } from '../support/people.js';

const MINUTES = 60;
let guessed = 0;

describe('guessing passwords', () => {
  let gateway: TestGateway;
  let admin: Api;
  let username: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ TRUST_PROXY: '127.0.0.1' });
    // The store removes old counters by its own clock: stay ahead of it.
    gateway.clock.set('2089-12-31T23:00:00.000Z');
    admin = await gateway.admin();
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    // The window of 15 minutes begins now.
    gateway.clock.set('2090-01-01T00:00:00.000Z');
    username = `guessed-${++guessed}`;
    must(201, await admin.post('/admin/users', { username, password: PASSWORD, role: 'viewer' }));
  });

  const tryTo = (password: string, address = '192.0.2.1') =>
    gateway.api.post('/auth/login', { username, password }, { 'x-forwarded-for': address });
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) expectError(await tryTo(`wrong-${i}`), 401, 'unauthenticated');
  };

  it('is stopped after ten failures with one name from one address, until the window ends', async () => {
    await fail(5);
    username = username.toUpperCase();
    await fail(5);
    gateway.clock.advance(5 * MINUTES);
    for (const password of ['wrong-again', PASSWORD]) {
      const refused = await tryTo(password);
      expectError(refused, 429, 'too_many_failed_logins');
      expect(refused.headers.get('retry-after')).toBe('600');
    }
    expect((await tryTo(PASSWORD, '192.0.2.2')).status).toBe(200);
    expect((await gateway.api.post('/auth/login', ADMIN, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
    gateway.clock.advance(10 * MINUTES - 1);
    expect((await tryTo(PASSWORD)).status).toBe(429);
    gateway.clock.advance(1);
    expect((await tryTo(PASSWORD)).status).toBe(200);
  });

  it('doesn’t count right passwords', async () => {
    await fail(9);
    for (let i = 0; i < 3; i++) expect((await tryTo(PASSWORD)).status).toBe(200);
    await fail(1);
    expect((await tryTo(PASSWORD)).status).toBe(429);
  });

  it('is stopped for Basic and for changing the password, too', async () => {
    const token = await gateway.login(username, PASSWORD);
    const basic = gateway.api.withBasic(username, 'wrong-password');
    for (let i = 0; i < 10; i++) expect((await basic.get('/auth/me')).status).toBe(401);
    expectError(await basic.get('/auth/me'), 429, 'too_many_failed_logins');
    const change = { current_password: PASSWORD, new_password: 'a-brand-new-password' };
    const refused = await token.post('/auth/password', change);
    expectError(refused, 429, 'too_many_failed_logins');
    expect(refused.headers.get('retry-after')).toBe('900');
  });

  it('is stopped as well when all guesses come at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => tryTo(`wrong-${i}`)));
    const checked = answers.filter(({ status }) => status === 401).length;
    expect(checked).toBeGreaterThanOrEqual(10);
    // Two passwords are checked at a time, so one guess can be under way while the tenth fails.
    expect(checked).toBeLessThanOrEqual(11);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - checked);
  });
});

describe('guessing passwords behind made-up addresses', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    gateway.clock.set('2090-01-01T00:00:00.000Z');
  });
  afterAll(() => gateway.stop());

  it('is stopped: X-Forwarded-For counts only from a trusted proxy', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      const from = { 'x-forwarded-for': `192.0.2.${i}` };
      statuses.push((await gateway.api.post('/auth/login', { username: 'nobody', password: 'guess' }, from)).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses[10]).toBe(429);
  });
});
