import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idMaker } from '../../src/common/ids.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { NotificationDoc, RecipientDoc, RecipientOutcome } from '../../src/notifications/notification.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { createKey } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

describe('GET /notifications?outcome=', () => {
  let gateway: TestGateway;
  let admin: Api;
  let client: Api;
  let keyId: string;
  let tenant: TenantId;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
    tenant = await tenantOf(gateway);
    const key = await createKey(admin, ['notify:send']);
    keyId = key.id;
    client = gateway.api.withKey(key.plain_key);
  });
  afterAll(() => gateway.stop());

  const nextId = idMaker('ntf', () => gateway.clock.now());
  const nextRecipient = idMaker('rcp', () => gateway.clock.now());
  /** One of which so many have this outcome, and one is skipped. */
  async function told(outcome: RecipientOutcome, more: Partial<NotificationDoc> = {}, count = 2): Promise<string> {
    const now = gateway.clock.now();
    const _id = nextId();
    const base = { title: null, text: 'Xin chào', ways: null, critical: false, send_at: null, created_at: now };
    const notification = { _id, tenant_id: tenant, client_id: 'usr_1', ...base, ...more };
    await gateway.store.collection<NotificationDoc>('notifications').insertOne(notification);
    const recipients = Array.from({ length: count + 1 }, (_, i): RecipientDoc => {
      const row = { notification_id: _id, ways: [], step: 0, step_at: now, attempts: [], reason: null, rev: 1 };
      const at = { created_at: now, updated_at: now };
      return { _id: nextRecipient(), tenant_id: tenant, outcome: i < count ? outcome : 'skipped', ...row, ...at };
    });
    await gateway.store.collection<RecipientDoc>('notification_recipients').insertMany(recipients);
    return _id;
  }
  const list = async (query: string, api = admin) => must(200, await api.get(`/notifications?${query}`));
  const ids = ({ items }: { items: { notification_id: string }[] }) => items.map((one) => one.notification_id);

  it('lists each once in which somebody has it, newest first, page by page', async () => {
    const [first, , third] = [await told('failed'), await told('sent'), await told('failed')];
    expect(ids(await list('outcome=failed'))).toEqual([third, first]);
    const page = await list('outcome=failed&limit=1');
    expect([ids(page), page.count]).toEqual([[third], 1]);
    const rest = await list(`outcome=failed&limit=1&cursor=${page.next}`);
    expect(ids(rest)).toEqual([first]);
    expect(await list(`outcome=failed&cursor=${rest.next}`)).toEqual({ items: [], count: 0 });
    expect(ids(await list('outcome=failed&skip=1'))).toEqual([first]);
    expect(ids(await list('outcome=skipped'))).toHaveLength(3);
    expect(ids(await list('outcome=confirmed'))).toEqual([]);
    expectError(await admin.get('/notifications?outcome=lost'), 400, 'invalid_request', 'outcome');
  });

  it('is about one’s own alone: a key’s, a topic’s, a tenant’s', async () => {
    const own = await told('canceled', { client_id: keyId });
    const ofTopic = await told('canceled', { topic: 'news' });
    expect(ids(await list('outcome=canceled', client))).toEqual([own]);
    expect(ids(await list('outcome=canceled&topic=news'))).toEqual([ofTopic]);
    expect(ids(await list(`outcome=canceled&client_id=${keyId}`))).toEqual([own]);
    const other = await openTenantShop(gateway, 'other-shop');
    expect(ids(await list('outcome=canceled', other.admin))).toEqual([]);
  });

  it('looks no further in one call than it reads quickly, and says where to go on', async () => {
    const own = await told('delivered', { client_id: keyId });
    for (let i = 0; i < 41; i++) await told('delivered', {}, 200);
    const first = await list('outcome=delivered', client);
    expect(first).toEqual({ items: [], count: 0, next: expect.any(String) });
    expect(ids(await list(`outcome=delivered&cursor=${first.next}`, client))).toEqual([own]);
  });
});
