import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { signJwt } from '../support/jwt.js';
import { addPerson, addTenant, PASSWORD } from '../support/people.js';

const SECRET = 'k7Qm2zVd9xRt4LpW8sYc1bNf6hGj3aEu';

describe('user tokens', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_SECRET: SECRET, JWT_ACCESS_MINUTES: '30' });
    await addTenant(gateway, await gateway.admin(), 'acme');
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.clock.set('2126-11-21T10:00:00.000Z'));

  const now = () => Math.floor(gateway.clock.now().getTime() / 1000);
  const claims = (extra: object = {}) => ({
    sub: 'emp-1',
    username: 'linh',
    role: 'viewer',
    exp: now() + 600,
    ...extra,
  });
  const me = (token: string) => gateway.api.withToken(token).get('/auth/me');
  const payload = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

  it('of our own expire by the clock', async () => {
    const { username } = await addPerson(gateway, await gateway.admin(), 'viewer');
    const { body } = await gateway.api.post('/auth/login', { username, password: PASSWORD });
    expect(body.expires_in).toBe(1800);
    gateway.clock.advance(1799);
    expect((await me(body.access_token)).status).toBe(200);
    gateway.clock.advance(1);
    expectError(await me(body.access_token), 401, 'unauthenticated');
  });

  it('of our own carry nothing but who it is', async () => {
    const { body } = await gateway.api.post('/auth/login', { username: 'admin', password: 'correct-horse-battery' });
    expect(Object.keys(payload(body.access_token)).sort()).toEqual(
      ['exp', 'iat', 'iss', 'role', 'sub', 'tenant', 'username', 'ver'].sort(),
    );
  });

  it('signed elsewhere with our secret work, with the role they carry', async () => {
    const token = signJwt(claims(), SECRET);
    expect(await me(token)).toMatchObject({
      status: 200,
      body: { id: 'emp-1', username: 'linh', role: 'viewer', tenant: 'default' },
    });
    expect((await gateway.api.withToken(token).get('/templates')).status).toBe(200);
    expectError(await gateway.api.withToken(token).post('/templates', { name: 'a', content: 'b' }), 403, 'forbidden');
    const admin = gateway.api.withToken(signJwt(claims({ role: 'admin' }), SECRET));
    expect((await admin.post('/templates', { name: 'a', content: 'b' })).status).toBe(201);
  });

  it('signed elsewhere are for the tenant they name', async () => {
    const acme = gateway.api.withToken(signJwt(claims({ role: 'admin', tenant: 'acme' }), SECRET));
    expect((await acme.get('/auth/me')).body.tenant).toBe('acme');
    expect((await acme.get('/templates?approved=all')).body.items).toEqual([]);
  });

  it.each([
    ['no role', { role: undefined }],
    ['a role that does not exist', { role: 'root' }],
    ['several roles', { role: ['admin'] }],
    ['a tenant that does not exist', { tenant: 'nowhere' }],
    ['a tenant that is no text', { tenant: { $ne: null } }],
  ])('with %s are refused (403)', async (_, extra) => {
    expectError(await me(signJwt(claims(extra), SECRET)), 403, 'forbidden');
  });

  it.each([
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: '4102444800' }],
    ['nobody named', { sub: undefined }],
    ['an empty name', { sub: '' }],
    ['a name that is no text', { sub: { $ne: null } }],
    ['our own issuer and no user of ours', { iss: 'trunkline', sub: 'usr_nobody', ver: 1 }],
  ])('with %s are refused (401)', async (_, extra) => {
    expectError(await me(signJwt(claims(extra), SECRET)), 401, 'unauthenticated');
  });

  it('are good from `nbf` until `exp`, by the clock', async () => {
    gateway.clock.set('2090-01-01T00:00:00.000Z');
    const token = signJwt(claims({ nbf: now() + 60, exp: now() + 120 }), SECRET);
    expectError(await me(token), 401, 'unauthenticated');
    gateway.clock.advance(60);
    expect((await me(token)).status).toBe(200);
    gateway.clock.advance(60);
    expectError(await me(token), 401, 'unauthenticated');
  });

  it.each([
    ['with another secret', () => signJwt(claims({ role: 'platform_admin' }), 'another-secret-of-the-same-length')],
    ['with no signature (alg: none)', () => signJwt(claims({ role: 'platform_admin' }), SECRET, 'none')],
    ['with HS384', () => signJwt(claims(), SECRET, 'HS384')],
    ['with HS512', () => signJwt(claims(), SECRET, 'HS512')],
    ['and then changed', () => changed(signJwt(claims(), SECRET), { role: 'platform_admin' })],
    ['and cut short', () => signJwt(claims(), SECRET).split('.').slice(0, 2).join('.')],
  ])('signed %s are refused', async (_, make) => {
    expectError(await me(make()), 401, 'unauthenticated');
  });

  it.each(['..', 'a.b.c', '.', 'x'.repeat(3000) + '.a.b'])('that are rubbish (%#) are refused', async (token) => {
    expectError(await me(token), 401, 'unauthenticated');
  });

  it('of a disabled user of ours are refused, whoever signed them', async () => {
    const admin = await gateway.admin();
    const { id } = await addPerson(gateway, admin, 'viewer');
    const token = signJwt(claims({ sub: id }), SECRET);
    expect((await me(token)).status).toBe(200);
    await admin.patch(`/admin/users/${id}`, { is_active: false });
    expectError(await me(token), 401, 'unauthenticated');
  });

  function changed(token: string, extra: object): string {
    const [head, , signature] = token.split('.');
    return [head, Buffer.from(JSON.stringify({ ...payload(token), ...extra })).toString('base64url'), signature].join(
      '.',
    );
  }
});

describe('user tokens of another issuer', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({
      JWT_SECRET: SECRET,
      JWT_ISSUER: 'https://id.example',
      JWT_AUDIENCE: 'sms',
      JWT_ROLE_CLAIM: 'sms_role',
      JWT_TENANT_CLAIM: 'shop',
    });
    await addTenant(gateway, await gateway.admin(), 'acme');
  });
  afterAll(() => gateway.stop());

  const good = { sub: 'emp-1', iss: 'https://id.example', aud: ['web', 'sms'], sms_role: 'viewer', shop: 'acme' };
  const me = (claims: object) => {
    const exp = gateway.clock.now().getTime() / 1000 + 600;
    return gateway.api.withToken(signJwt({ exp, ...claims }, SECRET)).get('/auth/me');
  };

  it('are read by the configured claims', async () => {
    expect((await me(good)).body).toMatchObject({ id: 'emp-1', role: 'viewer', tenant: 'acme' });
  });

  it('must be from the configured issuer, for the configured audience', async () => {
    expectError(await me({ ...good, iss: 'https://evil.example' }), 401, 'unauthenticated');
    expectError(await me({ ...good, iss: undefined }), 401, 'unauthenticated');
    expectError(await me({ ...good, aud: 'web' }), 401, 'unauthenticated');
    expectError(await me({ ...good, aud: undefined }), 401, 'unauthenticated');
    expectError(await me({ ...good, sms_role: undefined, role: 'viewer' }), 403, 'forbidden');
  });

  it('don’t keep our own from working', async () => {
    expect((await (await gateway.admin()).get('/auth/me')).status).toBe(200);
  });
});
