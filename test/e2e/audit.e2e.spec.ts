import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { sendOne } from '../support/sending.js';
import { lease, openShop, report } from '../support/shop.js';
import { addPerson, addTenant, must, PASSWORD } from '../support/people.js';

interface Line {
  id: string;
  actor_type: string;
  actor_id: string;
  action: string;
  data: Record<string, unknown>;
  created_at: string;
}

describe('the audit log', () => {
  let gateway: TestGateway;
  let admin: Api;
  let adminId: string;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
    adminId = (await admin.get('/auth/me')).body.id;
  });
  afterAll(() => gateway.stop());

  const lines = async (query = '', api = admin): Promise<Line[]> =>
    must(200, await api.get(`/admin/audit-logs${query}`)).items;

  /** What `act` wrote, oldest first. */
  async function during(act: () => Promise<unknown>, api = admin): Promise<Line[]> {
    const before = (await lines('?limit=1', api))[0]?.id ?? '';
    await act();
    return (await lines('?limit=500', api)).filter(({ id }) => id > before).toReversed();
  }
  const written = (all: Line[]) =>
    all.map(({ actor_type, actor_id, action, data }) => [actor_type, actor_id, action, data]);

  it('tells who did what, and when', async () => {
    gateway.clock.advance(1);
    const [line, ...more] = await during(() => admin.post('/templates', { name: 'otp', content: '{CODE}' }));
    expect(more).toEqual([]);
    expect(line).toEqual({
      id: expect.stringMatching(/^aud_/),
      actor_type: 'USER',
      actor_id: adminId,
      action: 'CREATE_TEMPLATE',
      data: { template_id: expect.stringMatching(/^tpl_/), name: 'otp' },
      created_at: '2126-11-21T10:00:01.000Z',
    });
  });

  it('tells of templates', async () => {
    let id = '';
    const all = await during(async () => {
      id = must(201, await admin.post('/templates', { name: 'otp', content: '{CODE}' })).id;
      await admin.put(`/templates/${id}`, { name: 'new name' });
      await admin.post(`/templates/${id}/approve`);
      await admin.put(`/templates/${id}`, { content: 'new content' });
      await admin.post(`/templates/${id}/preview`, {});
      await admin.delete(`/templates/${id}`);
    });
    expect(written(all)).toEqual([
      ['USER', adminId, 'CREATE_TEMPLATE', { template_id: id, name: 'otp' }],
      ['USER', adminId, 'UPDATE_TEMPLATE', { template_id: id, approval_reset: false }],
      ['USER', adminId, 'APPROVE_TEMPLATE', { template_id: id, version: 1 }],
      ['USER', adminId, 'UPDATE_TEMPLATE', { template_id: id, approval_reset: true }],
      ['USER', adminId, 'DELETE_TEMPLATE', { template_id: id }],
    ]);
  });

  it('tells of API keys, and of the fields that were changed', async () => {
    let id = '';
    const secrets: string[] = [];
    const all = await during(async () => {
      const key = must(201, await admin.post('/admin/api-keys', { client_name: 'SafeShop', scopes: ['sms:read'] }));
      id = key.id;
      await admin.patch(`/admin/api-keys/${id}`, { client_name: 'Safer' });
      await admin.patch(`/admin/api-keys/${id}`, { rate_limit: 5, expires_at: null });
      secrets.push(key.plain_key, (await admin.post(`/admin/api-keys/${id}/rotate`)).body.plain_key);
      await admin.post(`/admin/api-keys/${id}/disable`);
      await admin.get(`/admin/api-keys/${id}`);
    });
    expect(written(all)).toEqual([
      ['USER', adminId, 'CREATE_API_KEY', { api_key_id: id, client_name: 'SafeShop', scopes: ['sms:read'] }],
      ['USER', adminId, 'UPDATE_API_KEY', { api_key_id: id, fields: ['client_name'] }],
      ['USER', adminId, 'UPDATE_API_KEY', { api_key_id: id, fields: ['expires_at', 'rate_limit_per_day'] }],
      ['USER', adminId, 'ROTATE_API_KEY', { api_key_id: id }],
      ['USER', adminId, 'DISABLE_API_KEY', { api_key_id: id }],
    ]);
    for (const secret of secrets) expect(JSON.stringify(all)).not.toContain(secret);
  });

  it('tells of users and their logins', async () => {
    let id = '';
    const username = 'quang';
    const all = await during(async () => {
      id = must(201, await admin.post('/admin/users', { username, password: PASSWORD, role: 'viewer' })).id;
      const api = await gateway.login(username, PASSWORD);
      await gateway.api.post('/auth/login', { username, password: 'wrong-password' });
      const passwords = { current_password: PASSWORD, new_password: 'a-brand-new-password' };
      must(200, await api.post('/auth/password', passwords));
      await admin.patch(`/admin/users/${id}`, { role: 'member', password: 'chosen-by-admin' });
      await admin.delete(`/admin/users/${id}`);
    });
    const address = expect.stringMatching(/^127\.0\.0\.1$/);
    expect(written(all)).toEqual([
      ['USER', adminId, 'CREATE_USER', { user_id: id, username, role: 'viewer' }],
      ['USER', id, 'LOGIN', { address }],
      ['SYSTEM', id, 'LOGIN_FAILED', { address, times: 1 }],
      ['USER', id, 'CHANGE_PASSWORD', { user_id: id }],
      ['USER', adminId, 'UPDATE_USER', { user_id: id, fields: ['role', 'password'] }],
      ['USER', adminId, 'DELETE_USER', { user_id: id, username }],
    ]);
    expect(JSON.stringify(all)).not.toMatch(/battery-staple|brand-new|chosen-by|wrong-password|\$2b\$/);
  });

  it('tells of tenants', async () => {
    let id = '';
    const all = await during(async () => {
      id = must(201, await admin.post('/admin/tenants', { slug: 'bistro', name: 'Bistro' })).id;
      await admin.patch(`/admin/tenants/${id}`, { name: 'Le Bistro' });
    });
    expect(written(all)).toEqual([
      ['USER', adminId, 'CREATE_TENANT', { tenant_id: id, slug: 'bistro' }],
      ['USER', adminId, 'UPDATE_TENANT', { tenant_id: id }],
    ]);
  });

  it('tells of settings, and of who saw or set the registration secret, not of the secret', async () => {
    const all = await during(async () => {
      await admin.put('/admin/settings', { anti_dup_minutes: 5, org_name: null });
      await admin.put('/admin/agent/registration-secret', { registration_secret: 'open-sesame' });
      await admin.get('/admin/agent/registration-secret');
      await admin.put('/admin/agent/registration-secret', { registration_secret: '' });
    });
    expect(written(all)).toEqual([
      ['USER', adminId, 'UPDATE_SETTINGS', { changes: { anti_dup_minutes: 5, org_name: null } }],
      ['USER', adminId, 'UPDATE_AGENT_REGISTRATION_SECRET', { configured: true }],
      ['USER', adminId, 'GET_AGENT_REGISTRATION_SECRET', {}],
      ['USER', adminId, 'UPDATE_AGENT_REGISTRATION_SECRET', { configured: false }],
    ]);
    expect(JSON.stringify(all)).not.toContain('open-sesame');
  });

  it('tells of phones that register', async () => {
    let phone: { agent_id: string; agent_token: string } | undefined;
    const tokens: string[] = [];
    const all = await during(async () => {
      phone = must(201, await gateway.api.post('/agent/register', { device_id: 'pixel' }));
      const again = must(200, await gateway.api.post('/agent/register', { device_id: 'pixel' }));
      tokens.push(phone!.agent_token, again.agent_token);
    });
    const id = phone!.agent_id;
    expect(written(all)).toEqual([
      ['AGENT', id, 'REGISTER_AGENT', { agent_id: id, device_id: 'pixel' }],
      [
        'AGENT',
        id,
        'AGENT_ROTATED',
        { agent_id: id, device_id: 'pixel', by: 'secret', address: '127.0.0.1', previous_address: '127.0.0.1' },
      ],
    ]);
    for (const token of tokens) expect(JSON.stringify(all)).not.toContain(token);
  });

  it('doesn’t tell of what was refused, or only looked at', async () => {
    const viewer = await addPerson(gateway, admin, 'viewer');
    const all = await during(async () => {
      await viewer.api.post('/templates', { name: 'a', content: 'b' });
      await admin.post('/templates', { name: '', content: 'b' });
      await admin.post('/templates/tpl_none/approve');
      await admin.delete('/admin/users/usr_none');
      await admin.post('/admin/api-keys/key_none/rotate');
      await admin.get('/templates');
      await admin.get('/admin/users');
      await admin.get('/admin/audit-logs');
      await gateway.api.post('/auth/login', { username: 'nobody', password: 'x' });
    });
    expect(written(all)).toEqual([]);
  });

  it('shows each tenant its own, whoever did it', async () => {
    const acme = await addTenant(gateway, admin, 'acme');
    const { id } = must(201, await acme.asPlatformAdmin.post('/templates', { name: 'theirs', content: 'x' }));
    const theirs = await lines('', acme.admin.api);
    expect(theirs[0]).toMatchObject({ actor_id: adminId, action: 'CREATE_TEMPLATE', data: { template_id: id } });
    expect(theirs.map(({ action }) => action).sort()).toEqual(['CREATE_TEMPLATE', 'CREATE_USER', 'LOGIN']);
    expect(JSON.stringify(await lines('?limit=500'))).not.toContain(id);
    expect(await lines('', acme.asPlatformAdmin)).toEqual(theirs);
  });

  it('is filtered by action, and read page by page, newest first', async () => {
    for (const name of ['one', 'two', 'three']) must(201, await admin.post('/templates', { name, content: 'x' }));
    await gateway.login(ADMIN.username, ADMIN.password);
    const names: unknown[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const query: string = `?action=CREATE_TEMPLATE&limit=2${next && `&cursor=${next}`}`;
      const page = must(200, await admin.get(`/admin/audit-logs${query}`));
      for (const { action, data } of page.items) {
        expect(action).toBe('CREATE_TEMPLATE');
        names.push(data.name);
      }
      next = page.next;
    }
    expect(names).toEqual(['three', 'two', 'one', 'otp', 'otp']);
  });

  it('is filtered by several actions, and refuses one that there isn’t', async () => {
    gateway.clock.advance(1);
    await admin.post('/templates', { name: 'several', content: 'a' });
    await admin.post('/admin/api-keys', { client_name: 'several' });
    await admin.post('/templates', { name: 'several', content: 'b' });
    const found = await lines('?action=CREATE_TEMPLATE,%20CREATE_API_KEY,CREATE_TEMPLATE&limit=3');
    expect(found.map(({ action }) => action)).toEqual(['CREATE_TEMPLATE', 'CREATE_API_KEY', 'CREATE_TEMPLATE']);
    for (const action of ['NO_SUCH_ACTION', 'LOGIN,login', 'LOGIN,', '', 'all,LOGIN']) {
      const answer = await admin.get(`/admin/audit-logs?action=${action}`);
      expectError(answer, 400, 'invalid_request', 'action');
      expect(answer.body.message).toContain('LOGIN_FAILED, ');
    }
  });

  it('leaves out what phones lease and report, unless it is asked for', async () => {
    const shop = await openShop(gateway);
    for (const code of ['1', '2', '3']) {
      gateway.clock.advance(60);
      const { message_id } = await sendOne(shop, code);
      await lease(shop.phone);
      await report(shop.phone, message_id, 'SENT');
    }
    const all = await lines('?action=all&limit=500');
    const frequent = all.filter(({ action }) => ['AGENT_LEASE_BATCH', 'AGENT_REPORT_RESULTS'].includes(action));
    expect(frequent).toHaveLength(6);
    const usual = await lines('?limit=500');
    expect(usual).toEqual(all.filter((line) => !frequent.includes(line)));
    expect(await lines('?action=AGENT_LEASE_BATCH,AGENT_REPORT_RESULTS')).toEqual(frequent);
    // Page by page, by cursor and by skip.
    const paged: Line[] = [];
    for (let next = ''; next !== undefined;) {
      const page: any = must(200, await admin.get(`/admin/audit-logs?limit=2${next && `&cursor=${next}`}`));
      paged.push(...page.items);
      next = page.next;
    }
    expect(paged).toEqual(usual);
    expect(await lines('?limit=3&skip=2')).toEqual(usual.slice(2, 5));
    const { body: document } = await admin.get('/schema/openapi.json');
    const [action] = document.paths['/admin/audit-logs'].get.parameters.filter(({ name }: any) => name === 'action');
    expect(action.schema.description).toContain('AGENT_LEASE_BATCH and AGENT_REPORT_RESULTS are left out');
  });

  it('can’t be written or changed over HTTP', async () => {
    const [{ id }] = (await lines('?limit=1')) as [Line];
    expectError(await admin.post('/admin/audit-logs', {}), 405, 'method_not_allowed');
    expectError(await admin.delete(`/admin/audit-logs/${id}`), 404, 'route_not_found');
  });

  it('survives a restart', async () => {
    const before = await lines('?limit=500');
    gateway.clock.advance(1);
    await gateway.restart();
    admin = await gateway.admin();
    expect((await lines('?limit=500')).slice(1)).toEqual(before.slice(0, 499));
  });
});
