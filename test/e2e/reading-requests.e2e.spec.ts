import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { createKey, lease, openShop, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

describe('reading requests', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let other: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway);
    other = await openTenantShop(gateway, 'elsewhere');
  });
  afterAll(() => gateway.stop());

  async function newKey(...scopes: string[]) {
    return gateway.api.withKey((await createKey(shop.admin, scopes)).plain_key);
  }

  it('shows what was accepted and how many messages have which status', async () => {
    const accepted = await accept(shop.client, requestOf(shop, messagesTo(5), { metadata: { order: 7, gift: true } }));
    expect(accepted).toEqual({
      request_id: expect.stringMatching(/^req_[0-9a-z]{26}$/),
      agent_id: shop.phone.agentId,
      phones_online: 1,
      route: `agent:${shop.phone.agentId}`,
      template_id: shop.templateId,
      total_created: 5,
      total_skipped: 0,
      total_opted_out: 0,
      total_segments: 5,
      expires_at: expect.any(String),
      created_at: gateway.clock.now().toISOString(),
    });
    const jobs = await lease(shop.phone, 3);
    await report(shop.phone, jobs[0]!.message_id, 'DELIVERED');
    await report(shop.phone, jobs[0]!.message_id, 'SENT');
    await report(shop.phone, jobs[1]!.message_id, 'FAILED');
    const { status, body } = await shop.client.get(`/requests/${accepted.request_id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...accepted,
      client_id: shop.keyId,
      metadata: { order: 7, gift: true },
      status_counts: { SENT: 1, FAILED: 1, ASSIGNED: 1, PENDING: 2 },
    });
  });

  it('refuses another key and does not know another tenant', async () => {
    const { request_id: id } = await accept(shop.client, requestOf(shop, messagesTo(1)));
    expect((await (await newKey('sms:read')).get(`/requests/${id}`)).status).toBe(403);
    for (const stranger of [other.client, other.admin]) {
      const answer = await stranger.get(`/requests/${id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'request_not_found']);
    }
    expect((await shop.admin.get(`/requests/${id}`)).body.request_id).toBe(id);
    expect((await shop.client.get('/requests/req_nothing')).status).toBe(404);
    expect((await gateway.api.get(`/requests/${id}`)).status).toBe(401);
    expect((await shop.phone.api.get(`/requests/${id}`)).status).toBe(403);
  });

  it('lists newest first: a key its own, a user the tenant’s', async () => {
    const client = await newKey('sms:send', 'sms:read');
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.unshift((await accept(client, requestOf(shop, messagesTo(1)))).request_id);
    const list = async (path: string, api = client) =>
      (await api.get(path)).body.items.map((request: { request_id: string }) => request.request_id);
    expect(await list('/requests')).toEqual(ids);
    expect(await list('/requests?limit=1&skip=1')).toEqual([ids[1]]);
    const page = await client.get('/requests?limit=2');
    expect(page.body).toMatchObject({ count: 2, next: expect.any(String) });
    expect(await list(`/requests?limit=2&cursor=${page.body.next}`)).toEqual([ids[2]]);

    const mine = await accept(shop.client, requestOf(shop, messagesTo(1)));
    expect(await list('/requests?limit=2', shop.admin)).toEqual([mine.request_id, ids[0]]);
    expect(await list('/requests', client)).toEqual(ids);
    expect(await list('/requests', other.client)).toEqual([]);
    expect(await list('/requests', other.admin)).toEqual([]);
  });

  it('refuses pages that are none', async () => {
    for (const query of ['limit=0', 'limit=501', 'limit=x', 'skip=-1', 'cursor=x', 'page=2'])
      expect((await shop.client.get(`/requests?${query}`)).status).toBe(400);
  });
});
