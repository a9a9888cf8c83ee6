import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, fieldsOf, isoIn, messagesOf, messagesTo } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

/** What every kind of target has to do, whoever sends there. */
interface TargetUnderTest {
  name: string;
  route(shop: Shop): string;
  /** Of the same kind, and not there; null: one that nobody serves is a conflict instead. */
  absent: { route: string; code: string } | null;
  channels: readonly string[];
}

const UNDER_TEST: readonly TargetUnderTest[] = [
  {
    name: 'a phone',
    route: ({ phone }) => `agent:${phone.agentId}`,
    absent: { route: 'agent:agt_01kah3k0000000000000000001', code: 'agent_not_found' },
    channels: ['sms'],
  },
  { name: 'a group of phones', route: () => 'group:day', absent: null, channels: ['sms'] },
  {
    name: 'a carrier',
    route: () => 'carrier:sandbox',
    absent: { route: 'carrier:acme', code: 'carrier_not_found' },
    channels: ['sms', 'whatsapp'],
  },
];

describe('a target of routes', () => {
  let gateway: TestGateway;
  let shop: Shop;
  const send = (route: string, more: object = {}) =>
    shop.client.post('/requests', {
      template_id: shop.templateId,
      route,
      schedule_at: isoIn(gateway, 3600),
      messages: messagesTo(1, `${++codes}`),
      ...more,
    });
  let codes = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
    must(200, await shop.admin.patch(`/admin/agents/${shop.phone.agentId}`, { groups: ['day'] }));
  });
  afterAll(() => gateway.stop());

  describe.each(UNDER_TEST)('$name', ({ route, absent, channels }) => {
    it('takes messages, which say by what they leave', async () => {
      const { request_id, route: shown } = must(201, await send(route(shop)));
      expect(shown).toBe(route(shop));
      expect(await messagesOf(shop.client, request_id)).toMatchObject([{ route: route(shop), status: 'PENDING' }]);
    });

    it('is refused when it is not there, before anything is stored', async () => {
      const answer = await send(absent?.route ?? 'group:nobody');
      expect([answer.status, answer.body.code, fieldsOf(answer)]).toEqual(
        absent ? [404, absent.code, ['route']] : [409, 'route_without_phone', ['route']],
      );
    });

    it.each(['sms', 'whatsapp'])('sends %s or says that it cannot', async (channel) => {
      const answer = await send(route(shop), { channel });
      if (channels.includes(channel)) expect(answer.status).toBe(201);
      else expect([answer.status, fieldsOf(answer)]).toEqual([400, ['channel']]);
    });

    it('gets what is given to it from a phone, and keeps a schedule', async () => {
      const { agent_id } = must(201, await gateway.api.post('/agent/register', { device_id: `from-${route(shop)}` }));
      const { request_id } = await accept(shop.client, {
        template_id: shop.templateId,
        agent_id,
        schedule_at: isoIn(gateway, 600),
        messages: messagesTo(2, `${++codes}`),
      });
      must(200, await shop.admin.post(`/admin/agents/${agent_id}/reassign`, { route: route(shop) }));
      const moved = await messagesOf(shop.client, request_id);
      const given = { route: route(shop), status: 'PENDING', sim_slot: null };
      expect(moved).toMatchObject([given, given]);
      expect(moved[0].schedule_at).toBe(isoIn(gateway, 600));
    });

    it('gives up a message that is canceled before anybody has it', async () => {
      const { request_id } = must(201, await send(route(shop)));
      const [{ message_id }] = await messagesOf(shop.client, request_id);
      must(200, await shop.client.post(`/messages/${message_id}/cancel`));
      expect(await messagesOf(shop.client, request_id)).toMatchObject([{ status: 'CANCELED' }]);
    });
  });
});
