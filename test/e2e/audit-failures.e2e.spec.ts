import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { Acceptance } from '../../src/requests/acceptance.js';
import { csvOf, importCsv, toShop } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { must, PASSWORD } from '../support/people.js';
import { messagesTo, requestOf, sendOne } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

describe('an audit line that can’t be written', () => {
  let gateway: TestGateway;
  let shop: Shop;
  beforeEach(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const actions = async () => {
    const { items } = must(200, await shop.admin.get('/admin/audit-logs?limit=500'));
    return items.map(({ action }: { action: string }) => action).sort();
  };
  const refuse = (method: 'insert' | 'insertAll') =>
    jest.spyOn(gateway.get(AuditRepository), method).mockRejectedValue(new Error('the disk is full'));

  it('turns nothing that was done into an error, and is written later', async () => {
    const { admin, client, phone } = shop;
    const message = await sendOne(shop, 'audit');
    const before = await actions();
    refuse('insert');
    must(200, await client.post(`/messages/${message.message_id}/cancel`));
    must(201, await client.post(`/messages/${message.message_id}/resend`));
    must(202, await importCsv(client, csvOf(2), toShop(shop)));
    await gateway.get(ImportWorker).run();
    const { request_id } = must(201, await client.post('/requests', requestOf(shop, messagesTo(1, 'x', 50))));
    must(200, await client.post(`/requests/${request_id}/cancel`));
    const user = must(201, await admin.post('/admin/users', { username: 'an', password: PASSWORD, role: 'viewer' }));
    must(200, await admin.patch(`/admin/users/${user.id}`, { email: 'an@example.com' }));
    expect((await admin.delete(`/admin/users/${user.id}`)).status).toBe(204);
    const key = must(201, await admin.post('/admin/api-keys', { client_name: 'x' }));
    must(200, await admin.patch(`/admin/api-keys/${key.id}`, { client_name: 'y' }));
    must(200, await admin.post(`/admin/api-keys/${key.id}/rotate`));
    must(200, await admin.post(`/admin/api-keys/${key.id}/disable`));
    const template = must(201, await admin.post('/templates', { name: 'x', content: 'x' }));
    must(200, await admin.put(`/templates/${template.id}`, { content: 'y' }));
    expect((await admin.post(`/templates/${template.id}/approve`)).status).toBeLessThan(300);
    must(200, await admin.delete(`/templates/${template.id}`));
    must(200, await admin.put('/admin/settings', { org_name: 'Shop' }));
    must(200, await admin.put('/admin/agent/registration-secret', { registration_secret: '' }));
    const tenant = must(201, await admin.post('/admin/tenants', { slug: 'acme', name: 'Acme' }));
    must(200, await admin.patch(`/admin/tenants/${tenant.id}`, { name: 'ACME' }));
    must(201, await gateway.api.post('/agent/register', { device_id: 'pixel' }));
    must(200, await gateway.api.post('/agent/register', { device_id: 'pixel' }));
    must(200, await admin.patch(`/admin/agents/${phone.agentId}`, { label: 'x' }));
    must(
      200,
      await admin.post(`/admin/agents/${phone.agentId}/reassign`, { route: 'group:shop', allow_empty_route: true }),
    );
    must(200, await admin.post(`/admin/agents/${phone.agentId}/unregister`, {}));
    jest.restoreAllMocks();
    const made = await actions();
    for (const action of before) made.splice(made.indexOf(action), 1);
    expect(made.filter((action: string) => action !== 'CREATE_SMS_REQUEST')).toEqual(
      [
        'CANCEL_MESSAGE',
        'RESEND_MESSAGE',
        'CREATE_IMPORT',
        'CANCEL_SMS_REQUEST',
        'CREATE_USER',
        'UPDATE_USER',
        'DELETE_USER',
        'CREATE_API_KEY',
        'UPDATE_API_KEY',
        'ROTATE_API_KEY',
        'DISABLE_API_KEY',
        'CREATE_TEMPLATE',
        'UPDATE_TEMPLATE',
        'APPROVE_TEMPLATE',
        'DELETE_TEMPLATE',
        'UPDATE_SETTINGS',
        'UPDATE_AGENT_REGISTRATION_SECRET',
        'CREATE_TENANT',
        'UPDATE_TENANT',
        'REGISTER_AGENT',
        'AGENT_ROTATED',
        'UPDATE_AGENT',
        'REASSIGN_MESSAGES',
        'UNREGISTER_AGENT',
      ].sort(),
    );
  });

  it('keeps back what is only for those who leave a trace', async () => {
    refuse('insert');
    for (const path of ['/admin/agent/registration-secret', '/reports/export.csv'])
      expect((await shop.admin.get(path)).status).toBe(500);
    expect(
      (await gateway.api.post('/auth/login', { username: 'admin', password: 'correct-horse-battery' })).status,
    ).toBe(500);
  });

  it('of many written together is tried again with the others', async () => {
    const refused = refuse('insertAll');
    await sendOne(shop, 'one');
    await waitFor(() => expect(refused).toHaveBeenCalled());
    jest.restoreAllMocks();
    expect((await actions()).filter((action: string) => action === 'CREATE_SMS_REQUEST')).toHaveLength(1);
  });

  it('of a request that runs while the gateway stops is written before it has stopped', async () => {
    const acceptance = gateway.get(Acceptance);
    const accept = acceptance.accept.bind(acceptance);
    let goOn = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      jest.spyOn(acceptance, 'accept').mockImplementationOnce(async (prepared) => {
        resolve();
        await new Promise<void>((go) => (goOn = go));
        return accept(prepared);
      });
    });
    const answer = shop.client.post('/requests', requestOf(shop, messagesTo(1, 'late')));
    await begun;
    const restarted = gateway.restart();
    await waitFor(() => expect(fetch(`${gateway.url}/health`)).rejects.toThrow('fetch failed'));
    goOn();
    const { request_id } = must(201, await answer);
    await restarted;
    const admin = await gateway.admin();
    const { items } = must(200, await admin.get('/admin/audit-logs?action=CREATE_SMS_REQUEST'));
    expect(items).toMatchObject([{ data: { request_id } }]);
  });
});
