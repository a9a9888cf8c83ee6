import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { signJwt, signParts } from '../support/jwt.js';
import { addPerson, addTenant, must, PASSWORD } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { registerPhone } from '../support/shop.js';

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
    ['the shape of a key’s id', { sub: 'key_01jd2m0q8nfgt1vwzzk4x6s5ah' }],
    ['the beginning of a key’s id', { sub: 'key_' }],
    ['the shape of a phone’s id', { sub: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah' }],
    ['a NUL in the name', { sub: 'emp-1\0' }],
    ['a line break in the name', { sub: 'emp-1\nemp-2' }],
    ['a name without end', { sub: 'x'.repeat(256) }],
    ['an `nbf` that is no number', { nbf: '0' }],
    ['an `nbf` that is null', { nbf: null }],
    ['an `iat` that is no number', { iat: '0' }],
    ['an issuer that is no text', { iss: ['trunkline'] }],
    ['an audience that is no text', { aud: { sms: true } }],
    ['audiences that are no texts', { aud: [['sms']] }],
    ['our own issuer and no user of ours', { iss: 'trunkline', sub: 'usr_nobody', ver: 1 }],
  ])('with %s are refused (401)', async (_, extra) => {
    expectError(await me(signJwt(claims(extra), SECRET)), 401, 'unauthenticated');
  });

  it('are good from `nbf` until `exp`, by the clock', async () => {
    gateway.clock.set('2090-01-01T00:00:00.000Z');
    const token = signJwt(claims({ nbf: now() + 61, iat: now() + 61, exp: now() + 120 }), SECRET);
    expectError(await me(token), 401, 'unauthenticated');
    gateway.clock.advance(1);
    expect((await me(token)).status).toBe(200);
    gateway.clock.advance(118);
    expect((await me(token)).status).toBe(200);
    gateway.clock.advance(1);
    expectError(await me(token), 401, 'unauthenticated');
  });

  it.each([
    ['nbf', 60, 200],
    ['nbf', 61, 401],
    ['iat', 60, 200],
    ['iat', 61, 401],
    ['exp', 1, 200],
    ['exp', 0, 401],
    ['exp', -60, 401],
  ])('whose %s is %d s from now are answered %d', async (name, seconds, status) => {
    expect((await me(signJwt(claims({ [name]: now() + seconds }), SECRET))).status).toBe(status);
  });

  it('never live for ever', async () => {
    const endless = JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999');
    expectError(await me(signParts('{"alg":"HS256"}', endless, SECRET)), 401, 'unauthenticated');
  });

  it.each([
    ['an extension', '{"alg":"HS256","crit":["exp2"],"exp2":1}'],
    ['an extension that jws has', '{"alg":"HS256","crit":["b64"],"b64":true}'],
    ['no extension, which is none to ask for', '{"alg":"HS256","crit":[]}'],
    ['nothing at all', '{"alg":"HS256","crit":null}'],
  ])('that ask to understand %s (crit) are refused', async (_, head) => {
    expectError(await me(signParts(head, JSON.stringify(claims()), SECRET)), 401, 'unauthenticated');
  });

  it.each([
    '{"alg":"HS256","alg":"none"}',
    '{"alg":"none","alg":"RS256"}',
    '{"alg":"hs256"}',
    '{"alg":"RS256"}',
    '{"alg":["HS256"]}',
    '{}',
    'null',
    '[]',
  ])('with the head %s are refused', async (head) => {
    expectError(await me(signParts(head, JSON.stringify(claims()), SECRET)), 401, 'unauthenticated');
  });

  it.each(['null', '[]', '"admin"', '1', 'no JSON'])('that claim %s are refused', async (text) => {
    expectError(await me(signParts('{"alg":"HS256"}', text, SECRET)), 401, 'unauthenticated');
  });

  it('are read from one header, not from one of two', async () => {
    const [good, bad] = [signJwt(claims(), SECRET), signJwt(claims({ exp: 0 }), SECRET)];
    const ask = async (...tokens: string[]) => {
      const lines = tokens.map((token) => `Authorization: Bearer ${token}\r\n`).join('');
      const head = `GET /auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`;
      return (await rawHttp(gateway.url, head)).status;
    };
    expect([await ask(good), await ask(good, bad), await ask(bad, good)]).toEqual([200, 401, 401]);
    expectError(await me(`${good} ${bad}`), 401, 'unauthenticated');
  });

  it('of any name that may send are one that lists and exports can be asked for', async () => {
    const sub = 'auth0|abc';
    const operator = gateway.api.withToken(signJwt(claims({ sub, role: 'operator' }), SECRET));
    const admin = gateway.api.withToken(signJwt(claims({ sub: 'boss', role: 'admin' }), SECRET));
    const phone = await registerPhone(gateway);
    const body = { text: 'Hi', agent_id: phone.agentId, messages: [{ to: '+84901234567' }] };
    must(201, await operator.post('/requests', body));
    const client_id = encodeURIComponent(sub);
    expect(must(200, await admin.get(`/messages/all?client_id=${client_id}`)).count).toBe(1);
    expect(must(200, await admin.get('/messages/all?client_id=auth0')).count).toBe(0);
    for (const name of ['client_id', 'client'])
      expect(must(200, await admin.get(`/reports/export.csv?columns=client_id&${name}=${client_id}`))).toContain(sub);
    const summary = must(200, await admin.get('/reports/summary?group_by=client'));
    expect(summary).toMatchObject([{ client_id: sub, total: 1 }]);
    for (const wrong of ['agt_01jd0000000000000000000000', 'key_1', '', 'a%01b'])
      expectError(await admin.get(`/messages/all?client_id=${wrong}`), 400, 'invalid_request', 'client_id');
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
