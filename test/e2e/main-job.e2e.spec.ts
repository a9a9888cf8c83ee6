import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { codes, lease, openShop, report, type Shop } from '../support/shop.js';

describe('the main job', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  it('takes a text from a client’s request to a phone and brings it back delivered', async () => {
    const accepted = await shop.client.post('/sms/requests', codes(shop, '123456'));
    expect(accepted.status).toBe(201);
    expect(accepted.body).toMatchObject({
      agent_id: shop.phone.agentId,
      total_created: 1,
      total_skipped: 0,
      total_segments: 1,
    });

    const [job] = await lease(shop.phone);
    expect(job).toMatchObject({
      to: '+84901230000',
      text: 'Ma OTP 123456',
      request_id: accepted.body.request_id,
      priority: 'NORMAL',
    });

    expect(await report(shop.phone, job!.message_id, 'SENDING')).toMatchObject({
      result: 'updated',
      status: 'SENDING',
    });
    expect(await report(shop.phone, job!.message_id, 'SENT')).toMatchObject({ result: 'updated', status: 'SENT' });
    expect(await report(shop.phone, job!.message_id, 'DELIVERED')).toMatchObject({
      result: 'updated',
      status: 'DELIVERED',
    });

    const request = await shop.client.get(`/requests/${accepted.body.request_id}`);
    expect(request.body).toMatchObject({ template_id: shop.templateId, status_counts: { DELIVERED: 1 } });

    const message = await shop.client.get(`/messages/${job!.message_id}`);
    expect(message.body).toMatchObject({
      status: 'DELIVERED',
      attempts: 1,
      encoding: 'GSM-7',
      segments: 1,
      last_error: null,
    });
    expect(message.body.history.map((entry: { event: string; to?: string }) => entry.to ?? entry.event)).toEqual([
      'accepted',
      'ASSIGNED',
      'SENDING',
      'SENT',
      'DELIVERED',
    ]);
    expect(message.body.history[1]).toMatchObject({ actor: `agent:${shop.phone.agentId}`, lease_id: job!.lease_id });
  });
});
