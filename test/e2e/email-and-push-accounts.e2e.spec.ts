import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { FakeFcm } from '../fakes/fcm.js';
import { MailServer } from '../fakes/mail-server.js';
import type { Api } from '../support/api.js';
import { newTenant } from '../support/dispatching.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';

const FROM = 'Tiệm Hoa <shop@example.com>';
const WEB = '{"apiKey":"AIza","projectId":"shop-4711","messagingSenderId":"1","appId":"1:1:web:1"}';

describe('accounts for e-mails and pushes', () => {
  let mails: MailServer;
  let fcm: FakeFcm;
  let gateway: TestGateway;
  let platform: Api;
  let admin: Api;

  beforeAll(async () => {
    [mails, fcm] = await Promise.all([new MailServer().start(), new FakeFcm().start()]);
    gateway = await TestGateway.start({
      SMTP_URL: mails.url(),
      MAIL_FROM: FROM,
      FIREBASE_PROJECT_ID: fcm.projectId,
      FIREBASE_SERVICE_ACCOUNT: fcm.serviceAccount(),
      FIREBASE_WEB_CONFIG: WEB,
      FIREBASE_BASE_URL: fcm.url,
    });
    platform = await gateway.admin();
    await newTenant(gateway, 'shop');
    admin = platform.as({ 'x-tenant': 'shop' });
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([mails.stop(), fcm.stop()]);
  });

  const hidden = () => [mails.password, encodeURIComponent(mails.password), 'PRIVATE KEY'];
  const expectHidden = async (value: unknown): Promise<void> => {
    const stored = await Promise.all(COLLECTIONS.map(({ name }) => gateway.store.collection(name).find({})));
    for (const secret of hidden()) expect(JSON.stringify([value, stored])).not.toContain(secret);
  };

  it('come from the environment for the default tenant, without their secrets', async () => {
    const smtp = must(200, await platform.get('/admin/carriers/smtp'));
    expect(smtp).toMatchObject({
      title: 'E-mail (SMTP)',
      configured: 'environment',
      account_id: `${mails.user}@127.0.0.1:${mails.port}`,
      account: { from: FROM },
      capabilities: { channels: ['email'], receipts: false },
      callback_urls: null,
    });
    const push = must(200, await platform.get('/admin/carriers/fcm'));
    expect(push).toMatchObject({
      configured: 'environment',
      account_id: fcm.projectId,
      account: { project_id: fcm.projectId, web_config: WEB },
      capabilities: { channels: ['push'] },
    });
    for (const name of ['smtp', 'fcm'])
      expect(must(200, await platform.post(`/admin/carriers/${name}/test`))).toMatchObject({ ok: true });
    await expectHidden([smtp, push]);
    expect(must(200, await admin.get('/admin/carriers/smtp'))).toMatchObject({ configured: null });
  });

  it('are set up for a tenant of its own, which may share them with others', async () => {
    const body = { url: mails.url(), from: FROM };
    const stored = must(200, await admin.put('/admin/carriers/smtp', body));
    expect(stored).toMatchObject({ configured: 'store', account: { from: FROM }, test: { ok: true } });
    expect(stored.verified_at).toBe(gateway.clock.now().toISOString());
    const push = { project_id: fcm.projectId, service_account: fcm.serviceAccount(), web_config: WEB };
    expect(must(200, await admin.put('/admin/carriers/fcm', push))).toMatchObject({ test: { ok: true } });
    // The stored key stays where it is left out.
    const changed = must(200, await admin.put('/admin/carriers/fcm', { project_id: fcm.projectId, concurrency: 3 }));
    expect(changed).toMatchObject({ account: { project_id: fcm.projectId }, concurrency: 3, test: { ok: true } });
    const { items } = must(200, await admin.get('/admin/audit-logs?action=UPDATE_CARRIER'));
    expect(items.map((item: any) => item.data.changed_secrets)).toEqual([[], ['service_account'], ['url']]);
    await expectHidden([stored, changed, items]);
    for (const name of ['smtp', 'fcm']) must(200, await admin.delete(`/admin/carriers/${name}`));
  });

  it('are refused with the field that is wrong, and then not stored', async () => {
    const smtp = (body: object) => admin.put('/admin/carriers/smtp', { url: mails.url(), from: FROM, ...body });
    expectError(await smtp({ url: mails.url('wrong') }), 400, 'carrier_refused', 'url');
    for (const url of ['mail.example.com', 'smtp://user:p@ss@host', 'smtp://host:99999', 'smtp://user:%FF@host'])
      expectError(await smtp({ url }), 400, 'invalid_request', 'url');
    for (const from of ['shop', 'a@b.c\r\nBcc: d@e.f', 'A <a@b.c>, B <d@e.f>'])
      expectError(await smtp({ from }), 400, 'invalid_request', 'from');
    const push = (body: object) => admin.put('/admin/carriers/fcm', { project_id: fcm.projectId, ...body });
    expectError(await push({}), 400, 'invalid_request', 'service_account');
    for (const service_account of ['{}', 'x', fcm.serviceAccount({ private_key: 'none' })])
      expectError(await push({ service_account }), 400, 'invalid_request', 'service_account');
    const other = { service_account: new FakeFcm().serviceAccount() };
    expectError(await push(other), 400, 'carrier_refused', 'service_account');
    const web = { service_account: fcm.serviceAccount(), web_config: '{"apiKey":"x"}' };
    expectError(await push(web), 400, 'invalid_request', 'web_config');
    for (const name of ['smtp', 'fcm'])
      expect(must(200, await admin.get(`/admin/carriers/${name}`))).toMatchObject({ configured: null });
  });
});
