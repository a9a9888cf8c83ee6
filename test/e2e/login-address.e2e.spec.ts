import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { Pause } from '../../src/common/pause.js';
import { AddressThrottle } from '../../src/users/address-throttle.js';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { must, PASSWORD } from '../support/people.js';
import { waitFor } from '../support/wait-for.js';

const SLOW_FROM = 30;
const ALLOWED = 300;
const MOST_SLOWED = 20;

describe('guessing passwords of ever new names from one address', () => {
  let gateway: TestGateway;
  let addresses = 0;
  let names = 0;
  /** Of its own for each test. */
  let address: string;
  /** The pauses under way: how long each is meant to be, and its end. */
  let pauses: { millis: number; end: () => void }[];

  const login = (body: object, from = address) => gateway.api.post('/auth/login', body, { 'x-forwarded-for': from });
  const guess = (from = address) => login({ username: `name-${++names}`, password: 'a-wrong-password' }, from);
  /** As if so many had failed before: each over HTTP would take a hash. */
  const failed = async (times: number) => {
    for (let i = 0; i < times; i++) await gateway.get(AddressThrottle).failed(address);
  };
  const paused = (count: number) => waitFor(() => expect(pauses).toHaveLength(count), { timeout: 10_000, interval: 5 });
  const endAll = () => {
    for (const { end } of pauses.splice(0)) end();
  };

  beforeAll(async () => {
    gateway = await TestGateway.start({ TRUST_PROXY: '127.0.0.1' });
    const admin = await gateway.admin();
    must(201, await admin.post('/admin/users', { username: 'colleague', password: PASSWORD, role: 'viewer' }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    address = `192.0.2.${++addresses}`;
    pauses = [];
    jest
      .spyOn(gateway.get(Pause), 'for')
      .mockImplementation((millis) => new Promise((end) => void pauses.push({ millis, end })));
  });
  afterEach(() => {
    endAll();
    jest.restoreAllMocks();
  });

  it('waits longer with each failure, and a right password gets in all the same', async () => {
    await failed(SLOW_FROM - 2);
    expectError(await guess(), 401, 'unauthenticated');
    expectError(await guess(), 401, 'unauthenticated');
    const answers = [guess()];
    await paused(1);
    expect(pauses[0]!.millis).toBe(100);
    await failed(5);
    answers.push(login({ username: 'colleague', password: PASSWORD }));
    await paused(2);
    expect(pauses[1]!.millis).toBe(600);
    await failed(200);
    answers.push(login(ADMIN));
    await paused(3);
    expect(pauses[2]!.millis).toBe(2000);
    endAll();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  it('keeps nobody else waiting', async () => {
    await failed(SLOW_FROM);
    const slow = [guess(), guess(), guess()];
    await paused(3);
    must(200, await login({ username: 'colleague', password: PASSWORD }, '198.51.100.1'));
    expect(pauses).toHaveLength(3);
    endAll();
    for (const answer of await Promise.all(slow)) expectError(answer, 401, 'unauthenticated');
  });

  it('lets no more than twenty wait', async () => {
    await failed(SLOW_FROM);
    const slow = Array.from({ length: MOST_SLOWED }, () => guess());
    await paused(MOST_SLOWED);
    const refused = await login(ADMIN);
    expectError(refused, 429, 'too_many_failed_logins');
    expect(refused.headers.get('retry-after')).toBe('2');
    endAll();
    for (const answer of await Promise.all(slow)) expectError(answer, 401, 'unauthenticated');
    const again = login(ADMIN);
    await paused(1);
    endAll();
    must(200, await again);
  });

  it('is stopped after three hundred, for right passwords, Basic and a whole IPv6 network too, until the window ends', async () => {
    address = '2001:db8:7::1';
    // A window of 15 minutes begins.
    gateway.clock.set('2126-11-22T00:00:00.000Z');
    await failed(ALLOWED - 1);
    const last = guess();
    await paused(1);
    endAll();
    expectError(await last, 401, 'unauthenticated');
    gateway.clock.advance(300);
    for (const from of [address, '2001:db8:7::ffff']) {
      const refused = await login({ username: 'colleague', password: PASSWORD }, from);
      expectError(refused, 429, 'too_many_failed_logins');
      expect(refused.headers.get('retry-after')).toBe('600');
    }
    const basic = gateway.api.withBasic('colleague', PASSWORD).as({ 'x-forwarded-for': address });
    expectError(await basic.get('/auth/me'), 429, 'too_many_failed_logins');
    must(200, await login({ username: 'colleague', password: PASSWORD }, '2001:db8:8::1'));
    gateway.clock.advance(600);
    must(200, await login({ username: 'colleague', password: PASSWORD }));
    expect(pauses).toEqual([]);
  });

  it('is stopped as well when the guesses wait together', async () => {
    await failed(ALLOWED - 2);
    const answers = Array.from({ length: MOST_SLOWED }, () => guess());
    await paused(MOST_SLOWED);
    endAll();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    const compared = statuses.filter((status) => status === 401).length;
    // Two passwords are checked at a time, so one guess can be under way while the last one fails.
    expect([2, 3]).toContain(compared);
    expect(statuses.filter((status) => status === 429)).toHaveLength(MOST_SLOWED - compared);
  });

  it('is told nothing by the time: no answer waits for the line that only a known name leaves', async () => {
    let write = (): void => undefined;
    const written = new Promise<void>((done) => (write = done));
    const lines = jest.spyOn(gateway.get(AuditRepository), 'put').mockReturnValue(written);
    expectError(await login({ username: 'colleague', password: 'a-wrong-password' }), 401, 'unauthenticated');
    await waitFor(() => expect(lines).toHaveBeenCalled(), { timeout: 5000, interval: 5 });
    expectError(await login({ username: 'colleague', password: 'a-wrong-password' }), 401, 'unauthenticated');
    write();
  });
});
