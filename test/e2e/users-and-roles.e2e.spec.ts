import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '../../src/auth/principal.js';
import { Passwords } from '../../src/users/passwords.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, addTenant, must, PASSWORD, type Person } from '../support/people.js';
import { createKey, registerPhone } from '../support/shop.js';

type Route = [weakest: Role, method: string, path: string, body?: unknown];

/** Each with a body or an id that goes no further: what is asked here is who gets past the door. */
const ROUTES: Route[] = [
  ['member', 'GET', '/auth/me'],
  ['member', 'POST', '/auth/password', {}],
  ['viewer', 'GET', '/templates'],
  ['viewer', 'GET', '/messages/all'],
  ['viewer', 'GET', '/admin/agents'],
  ['operator', 'POST', '/requests', {}],
  ['operator', 'POST', '/messages/msg_none/cancel'],
  ['admin', 'POST', '/templates', {}],
  ['admin', 'POST', '/templates/tpl_none/approve'],
  ['admin', 'DELETE', '/templates/tpl_none'],
  ['admin', 'GET', '/admin/users'],
  ['admin', 'POST', '/admin/users', {}],
  ['admin', 'GET', '/admin/api-keys'],
  ['admin', 'POST', '/admin/api-keys', {}],
  ['admin', 'POST', '/admin/api-keys/key_none/rotate'],
  ['admin', 'GET', '/admin/settings'],
  ['admin', 'PUT', '/admin/settings', { unknown: 1 }],
  ['admin', 'GET', '/admin/audit-logs'],
  ['admin', 'GET', '/admin/agent/registration-secret'],
  ['admin', 'PUT', '/admin/agent/registration-secret', {}],
  ['admin', 'POST', '/admin/agents/agt_none/unregister'],
  ['platform_admin', 'GET', '/admin/tenants'],
  ['platform_admin', 'POST', '/admin/tenants', {}],
];

describe('who may do what', () => {
  let gateway: TestGateway;
  const callers = {} as Record<Role, Api>;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    callers.platform_admin = await gateway.admin();
    for (const role of ROLES.slice(1)) callers[role] = (await addPerson(gateway, callers.platform_admin, role)).api;
  });
  afterAll(() => gateway.stop());

  // Of a row without a body, a fourth parameter would be Jest's `done`.
  it.each(ROUTES)('from %s on: %s %s', async (weakest, method, path, ...[body]) => {
    for (const role of ROLES) {
      const answer = await callers[role].call(method, path, body);
      const may = ROLES.indexOf(role) <= ROLES.indexOf(weakest);
      if (!may) expectError(answer, 403, 'forbidden');
      expect([role, answer.status === 403]).toEqual([role, !may]);
      expect(answer.status).toBeLessThan(500);
    }
    expectError(await gateway.api.call(method, path, body), 401, 'unauthenticated');
  });

  it('leaves the routes of phones to phones, and a phone to its routes', async () => {
    const phone = await registerPhone(gateway);
    const key = gateway.api.withKey((await createKey(callers.admin, ['sms:send', 'sms:read'])).plain_key);
    for (const api of [callers.platform_admin, key]) {
      expectError(await api.get('/agent/jobs/next'), 403, 'forbidden');
      expectError(await api.post('/agent/heartbeat', {}), 403, 'forbidden');
    }
    for (const api of [phone.api, key]) {
      expectError(await api.get('/auth/me'), 403, 'forbidden');
      expectError(await api.get('/admin/users'), 403, 'forbidden');
      expectError(await api.put('/admin/settings', {}), 403, 'forbidden');
    }
    expectError(await phone.api.get('/messages/all'), 403, 'forbidden');
  });
});

describe('users', () => {
  let gateway: TestGateway;
  let platform: Api;
  let admin: Person;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    platform = await gateway.admin();
    admin = await addPerson(gateway, platform, 'admin');
  });
  afterAll(() => gateway.stop());

  it('are created, shown, listed newest first, changed and deleted, and their passwords never shown', async () => {
    const fields = { username: 'Minh', role: 'operator', email: 'minh@shop.example', phone: '+84901234567' };
    const created = await admin.api.post('/admin/users', { ...fields, password: PASSWORD });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...fields,
      id: expect.stringMatching(/^usr_/),
      username: 'minh',
      is_active: true,
      created_at: '2126-11-21T10:00:00.000Z',
      updated_at: '2126-11-21T10:00:00.000Z',
    });
    const path = `/admin/users/${created.body.id}`;
    expect((await admin.api.get(path)).body).toEqual(created.body);
    expect((await admin.api.get('/admin/users?limit=1')).body).toMatchObject({ items: [created.body], count: 1 });

    const changed = must(200, await admin.api.patch(path, { role: 'viewer', email: null }));
    expect(changed).toEqual({ ...created.body, role: 'viewer', email: null });

    expect((await admin.api.delete(path)).status).toBe(204);
    expectError(await admin.api.get(path), 404, 'user_not_found');
    expectError(await admin.api.delete(path), 404, 'user_not_found');
  });

  it('are listed page by page', async () => {
    for (const name of ['page-1', 'page-2', 'page-3'])
      must(201, await platform.post('/admin/users', { username: name, password: PASSWORD, role: 'member' }));
    const names: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page = must(200, await platform.get(`/admin/users?limit=2${next && `&cursor=${next}`}`));
      expect(page.count).toBe(page.items.length);
      names.push(...page.items.map((user: Person) => user.username));
      next = page.next;
    }
    expect(names.slice(0, 3)).toEqual(['page-3', 'page-2', 'page-1']);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('admin');
  });

  it('get no role above that of the one who gives it', async () => {
    const body = { username: 'climber', password: PASSWORD, role: 'platform_admin' };
    expectError(await admin.api.post('/admin/users', body), 403, 'forbidden');
    const viewer = await addPerson(gateway, admin.api, 'viewer');
    expectError(await admin.api.patch(`/admin/users/${viewer.id}`, { role: 'platform_admin' }), 403, 'forbidden');
    expect((await viewer.api.get('/auth/me')).body.role).toBe('viewer');
    must(201, await admin.api.post('/admin/users', { ...body, role: 'admin' }));
  });

  it('above one’s own role can’t be changed, locked out or deleted', async () => {
    const { id } = (await platform.get('/auth/me')).body;
    for (const change of [{ password: 'taken-over-by-me' }, { is_active: false }, { role: 'viewer' }, { email: null }])
      expectError(await admin.api.patch(`/admin/users/${id}`, change), 403, 'forbidden');
    expectError(await admin.api.delete(`/admin/users/${id}`), 403, 'forbidden');
    expect((await platform.get('/auth/me')).body).toMatchObject({ role: 'platform_admin', is_active: true });
  });

  it('are not changed by what was judged before they became something else', async () => {
    const passwords = gateway.get(Passwords);
    const hash = passwords.hash.bind(passwords);
    const meanwhile = (does: () => Promise<unknown>) =>
      Object.assign(passwords, {
        hash: async (password: string) => {
          Object.assign(passwords, { hash });
          await does();
          return hash(password);
        },
      });
    const viewer = await addPerson(gateway, admin.api, 'viewer');
    const path = `/admin/users/${viewer.id}`;
    const raise = async () => must(200, await platform.patch(path, { role: 'platform_admin' }));
    meanwhile(raise);
    expectError(await admin.api.patch(path, { password: 'taken-over-by-me' }), 409, 'user_changed');
    expect((await gateway.login(viewer.username, PASSWORD)).credentials).toHaveProperty('authorization');

    const next = { current_password: PASSWORD, new_password: 'the-one-of-the-thief' };
    meanwhile(async () => must(200, await platform.patch(path, { password: 'set-by-the-administrator' })));
    const mine = await gateway.login(viewer.username, PASSWORD);
    expectError(await mine.post('/auth/password', next), 409, 'user_changed');
    await gateway.login(viewer.username, 'set-by-the-administrator');
  });

  it('can’t lock themselves out', async () => {
    const path = `/admin/users/${admin.id}`;
    expectError(await admin.api.patch(path, { is_active: false }), 400, 'invalid_request', 'is_active');
    expectError(await admin.api.patch(path, { role: 'viewer' }), 400, 'invalid_request', 'role');
    expectError(await admin.api.delete(path), 400, 'invalid_request', 'id');
    expect((await admin.api.get('/admin/users')).status).toBe(200);
  });

  it('lose a role at once, with the token they have', async () => {
    const operator = await addPerson(gateway, platform, 'operator');
    expect((await operator.api.get('/templates')).status).toBe(200);
    must(200, await platform.patch(`/admin/users/${operator.id}`, { role: 'member' }));
    expectError(await operator.api.get('/templates'), 403, 'forbidden');
  });

  it('have names that are unique in the installation, whatever the case and however fast', async () => {
    const acme = await addTenant(gateway, platform, 'acme');
    const body = (username: string) => ({ username, password: PASSWORD, role: 'viewer' });
    must(201, await platform.post('/admin/users', body('hoa')));
    for (const api of [platform, acme.asPlatformAdmin, acme.admin.api])
      expectError(await api.post('/admin/users', body('HOA')), 409, 'username_taken', 'username');
    const race = await Promise.all([platform, acme.admin.api].map((api) => api.post('/admin/users', body('lan'))));
    expect(race.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each([
    ['11 characters', 'a'.repeat(11)],
    ['73 characters', 'a'.repeat(73)],
    ['74 bytes in 37 characters', 'é'.repeat(37)],
  ])('don’t get a password of %s', async (_, password) => {
    const body = { username: 'too-long', password, role: 'viewer' };
    expectError(await platform.post('/admin/users', body), 400, 'invalid_request', 'password');
    expectError(await platform.patch(`/admin/users/${admin.id}`, { password }), 400, 'invalid_request', 'password');
    const change = { current_password: PASSWORD, new_password: password };
    expectError(await admin.api.post('/auth/password', change), 400, 'invalid_request', 'new_password');
  });

  it('get a password of 72 bytes, of which every byte counts', async () => {
    const password = 'é'.repeat(36);
    must(201, await platform.post('/admin/users', { username: 'long', password, role: 'viewer' }));
    expect((await gateway.login('long', password)).url).toBe(gateway.url);
    const last = `${'é'.repeat(35)}è`;
    expect((await gateway.api.post('/auth/login', { username: 'long', password: last })).status).toBe(401);
    expect((await gateway.api.post('/auth/login', { username: 'long', password: `${password}x` })).status).toBe(401);
  });

  it.each([
    ['username', 'has space'],
    ['username', 'co:lon'],
    ['username', ''],
    ['role', 'root'],
    ['email', 'nowhere'],
    ['phone', '0901234567'],
  ])('are refused with a bad %s (%j)', async (field, value) => {
    const body = { username: 'fine', password: PASSWORD, role: 'viewer', [field]: value };
    expectError(await platform.post('/admin/users', body), 400, 'invalid_request', field);
  });
});
