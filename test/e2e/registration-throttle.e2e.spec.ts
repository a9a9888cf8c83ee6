import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';

const SECRET = 'a-shared-secret';
const ALLOWED = 60;

describe('guessing the registration secret', () => {
  let gateway: TestGateway;
  let devices = 0;
  let minute = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_REGISTRATION_SECRET: SECRET, TRUST_PROXY: '127.0.0.1' });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    gateway.clock.set('2126-11-21T12:00:00.000Z');
    gateway.clock.advance(60 * ++minute);
  });

  const register = (registration_secret: string, address = '192.0.2.1', extra = {}, api = gateway.api) =>
    api.post(
      '/agent/register',
      { device_id: `device-${++devices}`, registration_secret, ...extra },
      { 'x-forwarded-for': address },
    );
  type Varied = Record<'address' | 'tenant', (i: number) => string>;
  const fail = async (times: number, varied: Partial<Varied> = {}) => {
    const { address = () => '192.0.2.1', tenant = () => 'default' } = varied;
    const guesses = Array.from({ length: times }, (_, i) => register(`wrong-${i}`, address(i), { tenant: tenant(i) }));
    for (const answer of await Promise.all(guesses)) expectError(answer, 403, 'forbidden');
  };

  it('is stopped after sixty wrong ones from one address, until the minute is over', async () => {
    await fail(ALLOWED);
    gateway.clock.advance(20);
    for (const secret of ['wrong', SECRET]) {
      const refused = await register(secret);
      expectError(refused, 429, 'too_many_refused_registrations');
      expect(refused.headers.get('retry-after')).toBe('40');
    }
    expect((await register(SECRET, '192.0.2.2')).status).toBe(201);
    gateway.clock.advance(40);
    expect((await register(SECRET)).status).toBe(201);
  });

  it('is stopped whichever tenant is named', async () => {
    await fail(ALLOWED, { tenant: (i) => `tenant-${i}` });
    expectError(await register(SECRET), 429, 'too_many_refused_registrations');
  });

  it('is stopped as well when all guesses come at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => register(`wrong-${i}`)));
    const compared = answers.filter(({ status }) => status === 403).length;
    expect(compared).toBeGreaterThanOrEqual(ALLOWED);
    // Eight are compared at a time, so seven can be under way while the sixtieth fails.
    expect(compared).toBeLessThanOrEqual(ALLOWED + 7);
  });

  it('is stopped for a whole IPv6 network, and whatever port the proxy names', async () => {
    await fail(ALLOWED, { address: (i) => `2001:db8::${i + 1}` });
    expectError(await register(SECRET, '2001:db8::ffff'), 429, 'too_many_refused_registrations');
    expect((await register(SECRET, '2001:db8:0:1::1')).status).toBe(201);
    await fail(ALLOWED, { address: (i) => `192.0.2.9:${i + 1}` });
    expectError(await register(SECRET, '192.0.2.9'), 429, 'too_many_refused_registrations');
  });

  it('keeps no fleet with the right secret from registering, nor a phone with its token', async () => {
    await fail(ALLOWED - 1);
    const fleet = await Promise.all(Array.from({ length: 150 }, () => register(SECRET)));
    expect(fleet.map(({ status }) => status)).toEqual(Array(150).fill(201));
    await fail(1);
    expectError(await register(SECRET), 429, 'too_many_refused_registrations');
    const phone = gateway.api.withToken(fleet[0]!.body.agent_token);
    expect((await register('wrong', undefined, { rotate_token: false }, phone)).body.status).toBe('exists');
  });
});
