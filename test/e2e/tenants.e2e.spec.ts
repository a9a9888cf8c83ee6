import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, addTenant, must, type Person } from '../support/people.js';

describe('tenants', () => {
  let gateway: TestGateway;
  let platform: Api;
  let admin: Person;
  let acme: Awaited<ReturnType<typeof addTenant>>;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    platform = await gateway.admin();
    admin = await addPerson(gateway, platform, 'admin');
    acme = await addTenant(gateway, platform, 'acme');
  });
  afterAll(() => gateway.stop());

  it('are created, renamed and listed by a platform administrator', async () => {
    const created = must(201, await platform.post('/admin/tenants', { slug: 'bistro', name: 'Bistro' }));
    expect(created).toEqual({
      id: expect.stringMatching(/^ten_/),
      slug: 'bistro',
      name: 'Bistro',
      created_at: '2126-11-21T10:00:00.000Z',
      updated_at: '2126-11-21T10:00:00.000Z',
    });
    expect((await platform.patch(`/admin/tenants/${created.id}`, { name: 'Le Bistro' })).body.name).toBe('Le Bistro');
    expect((await platform.get(`/admin/tenants/${created.id}`)).body.name).toBe('Le Bistro');
    const { items } = (await platform.get('/admin/tenants')).body;
    expect(items.map(({ slug }: { slug: string }) => slug)).toEqual(['bistro', 'acme', 'default']);
    expectError(await platform.get('/admin/tenants/ten_none'), 404, 'tenant_not_found');
    expectError(await platform.patch('/admin/tenants/ten_none', { name: 'x' }), 404, 'tenant_not_found');
  });

  it('have slugs that are unique and fit for a header', async () => {
    expectError(await platform.post('/admin/tenants', { slug: 'acme', name: 'Again' }), 409, 'tenant_exists');
    for (const slug of ['', 'Acme', 'a b', '-a', 'ä', 'a'.repeat(64)])
      expectError(await platform.post('/admin/tenants', { slug, name: 'x' }), 400, 'invalid_request', 'slug');
  });

  it('are chosen with X-Tenant by a platform administrator, by nobody else', async () => {
    expect((await acme.asPlatformAdmin.get('/auth/me')).body.tenant).toBe('acme');
    expect((await platform.get('/auth/me')).body.tenant).toBe('default');
    expectError(await platform.as({ 'x-tenant': 'nowhere' }).get('/auth/me'), 404, 'tenant_not_found');

    expect((await admin.api.as({ 'x-tenant': 'default' }).get('/auth/me')).status).toBe(200);
    for (const slug of ['acme', 'nowhere'])
      expectError(await admin.api.as({ 'x-tenant': slug }).get('/admin/users'), 403, 'forbidden');
    expectError(await acme.admin.api.as({ 'x-tenant': 'default' }).get('/admin/users'), 403, 'forbidden');
  });

  it('see their own users only', async () => {
    const names = async (api: Api) =>
      (await api.get('/admin/users')).body.items.map((user: Person) => user.username).sort();
    expect(await names(acme.admin.api)).toEqual([acme.admin.username]);
    expect(await names(acme.asPlatformAdmin)).toEqual([acme.admin.username]);
    expect(await names(platform)).toEqual(['admin', admin.username].sort());
  });

  it('answer another tenant’s id as one that does not exist', async () => {
    for (const [api, id] of [
      [acme.admin.api, admin.id],
      [admin.api, acme.admin.id],
    ] as const) {
      for (const theirs of [`/admin/users/${id}`, '/admin/users/usr_none']) {
        expectError(await api.get(theirs), 404, 'user_not_found');
        expectError(await api.patch(theirs, { password: 'taken-over-by-me' }), 404, 'user_not_found');
        expectError(await api.delete(theirs), 404, 'user_not_found');
      }
    }
    expect((await admin.api.get('/auth/me')).status).toBe(200);
    expect((await acme.admin.api.get('/auth/me')).status).toBe(200);
  });
});
