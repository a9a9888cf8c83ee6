import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { fieldsOf, messagesOf, sendOne, statusOf } from '../support/sending.js';
import { createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

describe('sending a message again', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '3', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    shop = { ...shop, phone: await registerPhone(gateway) };
  });
  afterAll(() => gateway.stop());

  const resend = (id: string, body?: unknown, client = shop.client) => client.post(`/messages/${id}/resend`, body);
  async function failed(extra: Record<string, unknown> = {}): Promise<{ id: string; text: string }> {
    const message = await sendOne(shop, `again ${++code}`, extra);
    await lease(shop.phone);
    await report(shop.phone, message.message_id, 'FAILED');
    return { id: message.message_id, text: message.text };
  }

  it('makes a new message that names the old one, which stays as it was', async () => {
    const { id, text } = await failed({ priority: 'HIGH', client_reference: 'order 7' });
    const answer = await resend(id);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      total_created: 1,
      total_skipped: 0,
      resend_of: id,
      agent_id: shop.phone.agentId,
    });
    const [message] = await messagesOf(shop.client, answer.body.request_id);
    expect(message).toMatchObject({
      text,
      status: 'PENDING',
      resend_of: id,
      priority: 'HIGH',
      client_reference: 'order 7',
      template_id: shop.templateId,
      attempts: 0,
    });
    expect(message.message_id).not.toBe(id);
    expect((await lease(shop.phone)).map((job) => job.message_id)).toEqual([message.message_id]);
    expect(await statusOf(shop.client, id)).toBe('FAILED');
  });

  it('waits until the old one can not go out by itself any more', async () => {
    const { message_id: id } = await sendOne(shop, `again ${++code}`);
    const whilePending = await resend(id);
    expect([whilePending.status, whilePending.body.code]).toEqual([409, 'still_waiting']);
    await lease(shop.phone);
    expect((await resend(id)).status).toBe(409);
    gateway.clock.advance(400);
    expect((await resend(id)).status).toBe(409);
    await lease(shop.phone);
    for (const status of ['SENDING', 'SENT', 'DELIVERED']) {
      await report(shop.phone, id, status);
      expect((await resend(id)).status).toBe(201);
    }
  });

  it('is no duplicate, however soon', async () => {
    const message = await sendOne(shop, `again ${++code}`);
    await lease(shop.phone);
    await report(shop.phone, message.message_id, 'SENT');
    for (let i = 0; i < 2; i++) expect((await resend(message.message_id)).body).toMatchObject({ total_created: 1 });
    const canceled = await sendOne(shop, `again ${code}`);
    expect(canceled.last_error).toBe('DUPLICATE_RECENT');
    expect((await resend(canceled.message_id)).body).toMatchObject({ total_created: 1 });
  });

  it('counts against the day', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 2);
    const client = gateway.api.withKey(key.plain_key);
    const { message_id: id } = await sendOne(shop, `again ${++code}`, {}, client);
    await client.post(`/messages/${id}/cancel`);
    expect((await resend(id, undefined, client)).status).toBe(201);
    const refused = await resend(id, undefined, client);
    expect([refused.status, refused.body.code]).toEqual([429, 'daily_limit']);
  });

  it('can take another route', async () => {
    const { id } = await failed();
    const other = await registerPhone(gateway);
    const answer = await resend(id, { route: `agent:${other.agentId}` });
    expect(answer.body).toMatchObject({ agent_id: other.agentId, route: `agent:${other.agentId}` });
    expect(await lease(shop.phone)).toEqual([]);
    expect(await lease(other)).toHaveLength(1);

    const third = await registerPhone(gateway);
    await shop.admin.patch(`/admin/agents/${third.agentId}`, { groups: ['shop'] });
    expect((await resend(id, { route: 'group:shop' })).body).toMatchObject({ agent_id: null, route: 'group:shop' });
    expect(await lease(third)).toHaveLength(1);
  });

  it('refuses routes that lead nowhere', async () => {
    const { id } = await failed();
    const elsewhere = (await openTenantShop(gateway, 'resend')).phone;
    const gone = await registerPhone(gateway);
    await shop.admin.post(`/admin/agents/${gone.agentId}/unregister`, {});
    for (const route of ['', 'nowhere', 'carrier:twilio', `agent:${gone.agentId}`, `agent:${elsewhere.agentId}`]) {
      const refused = await resend(id, { route });
      expect([refused.status, ...fieldsOf(refused)]).toEqual([400, 'route']);
    }
    await shop.admin.post(`/admin/agents/${shop.phone.agentId}/unregister`, {});
    expect((await resend(id)).status).toBe(400);
    expect((await resend(id, { to: '+84901234567' })).status).toBe(400);
  });

  it('is for the key that sent it, and for the tenant’s operators', async () => {
    const { id } = await failed();
    const other = await openTenantShop(gateway, 'resend-other');
    const stranger = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
    expect((await resend(id, undefined, stranger)).status).toBe(403);
    expect((await resend(id, undefined, other.client)).status).toBe(404);
    expect((await resend(id, undefined, other.admin)).status).toBe(404);
    expect((await resend('msg_nothing')).status).toBe(404);
    const reader = gateway.api.withKey((await createKey(shop.admin, ['sms:read'])).plain_key);
    expect((await resend(id, undefined, reader)).status).toBe(403);
    expect((await resend(id, undefined, shop.admin)).status).toBe(201);
  });
});
