import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { accept, isoIn, messagesTo, requestOf } from '../support/sending.js';
import { createKey, lease, openShop, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

describe('a message', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ LEASE_SECONDS: '300' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  it('is shown in lists with exactly these fields', async () => {
    const at = isoIn(gateway, 0);
    const body = requestOf(shop, messagesTo(1, 'fields'), { client_reference: 'order 7', priority: 'HIGH' });
    const { request_id } = await accept(shop.client, body);
    const { items } = (await shop.client.get(`/messages?request_id=${request_id}`)).body;
    expect(items).toEqual([
      {
        message_id: expect.stringMatching(/^msg_[0-9a-z]{30}$/),
        request_id,
        to: '+84901000000',
        text: 'Ma OTP fields',
        status: 'PENDING',
        last_error: null,
        priority: 'HIGH',
        schedule_at: null,
        expires_at: isoIn(gateway, 72 * 3600),
        segments: 1,
        encoding: 'GSM-7',
        agent_id: shop.phone.agentId,
        route: `agent:${shop.phone.agentId}`,
        sim_slot: null,
        attempts: 0,
        created_at: at,
        updated_at: at,
        sent_at: null,
        delivered_at: null,
        failed_at: null,
        client_reference: 'order 7',
        template_id: shop.templateId,
      },
    ]);
    const { history, lease: leased, ...alone } = (await shop.client.get(`/messages/${items[0].message_id}`)).body;
    expect(alone).toEqual(items[0]);
    expect(leased).toBeNull();
    expect(history).toEqual([{ at, actor: `client:${shop.keyId}`, event: 'accepted' }]);
  });

  it('tells its whole way by itself', async () => {
    await lease(shop.phone);
    const accepted = isoIn(gateway, 0);
    const { request_id } = await accept(shop.client, requestOf(shop, messagesTo(1, 'way')));
    const actor = `agent:${shop.phone.agentId}`;
    gateway.clock.advance(1);
    const [first] = await lease(shop.phone);
    const leasedAt = isoIn(gateway, 0);
    gateway.clock.advance(301);
    const [second] = (await lease(shop.phone)).filter((job) => job.message_id === first!.message_id);
    const leasedAgain = isoIn(gateway, 0);
    gateway.clock.advance(1);
    await report(shop.phone, first!.message_id, 'SENDING');
    gateway.clock.advance(1);
    await report(shop.phone, first!.message_id, 'SENT');
    gateway.clock.advance(1);
    await report(shop.phone, first!.message_id, 'DELIVERED');

    const { body } = await shop.client.get(`/messages/${first!.message_id}`);
    expect(body).toMatchObject({
      request_id,
      status: 'DELIVERED',
      attempts: 2,
      created_at: accepted,
      updated_at: isoIn(gateway, 0),
      sent_at: isoIn(gateway, -1),
      delivered_at: isoIn(gateway, 0),
      failed_at: null,
    });
    const moved = (from: string, to: string, seconds: number) => ({
      at: isoIn(gateway, seconds),
      actor,
      event: 'moved',
      from,
      to,
      lease_id: second!.lease_id,
    });
    const leased = (from: string, at: string, lease_id: string) => ({
      at,
      actor,
      event: 'leased',
      from,
      to: 'ASSIGNED',
      lease_id,
      lease_expires_at: new Date(Date.parse(at) + 300_000).toISOString(),
    });
    expect(body.history).toEqual([
      { at: accepted, actor: `client:${shop.keyId}`, event: 'accepted' },
      leased('PENDING', leasedAt, first!.lease_id),
      leased('ASSIGNED', leasedAgain, second!.lease_id),
      moved('ASSIGNED', 'SENDING', -2),
      moved('SENDING', 'SENT', -1),
      moved('SENT', 'DELIVERED', 0),
    ]);
  });

  it('is for the key that sent it and for the tenant’s users', async () => {
    const { request_id } = await accept(shop.client, requestOf(shop, messagesTo(1, 'whose')));
    const [{ message_id: id }] = (await shop.client.get(`/messages?request_id=${request_id}`)).body.items;
    const stranger = gateway.api.withKey((await createKey(shop.admin, ['sms:read'])).plain_key);
    const other = await openTenantShop(gateway, 'fields');
    expect((await stranger.get(`/messages/${id}`)).status).toBe(403);
    for (const api of [other.client, other.admin]) {
      const answer = await api.get(`/messages/${id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'message_not_found']);
    }
    expect((await shop.admin.get(`/messages/${id}`)).status).toBe(200);
    expect((await shop.client.get('/messages/msg_nothing')).status).toBe(404);
  });
});
