import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { leasedIds, leaseJobs, submit } from '../support/traffic.js';

const LEASE = 300;

describe('a phone that is away', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  let second: Phone;

  const message = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const reassign = (body: Record<string, unknown>, from = phone) =>
    shop.admin.post(`/admin/agents/${from.agentId}/reassign`, body);
  const toSecond = (extra: Record<string, unknown> = {}) => reassign({ route: `agent:${second.agentId}`, ...extra });
  const unregister = (one: Phone) => shop.admin.post(`/admin/agents/${one.agentId}/unregister`);
  /** What is stalled of this test's two phones: id and reason, newest first. */
  async function stalled(query = ''): Promise<[string, string][]> {
    const { status, body } = await shop.admin.get(`/messages/stalled?limit=500${query}`);
    expect(status).toBe(200);
    return body.items
      .filter((item: { agent_id: string }) => [phone.agentId, second.agentId].includes(item.agent_id))
      .map((item: { message_id: string; stalled: string }) => [item.message_id, item.stalled]);
  }

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: '60000',
      LEASE_SECONDS: String(LEASE),
      JWT_ACCESS_MINUTES: '100000',
    });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    second = await registerPhone(gateway);
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  describe('leaves its messages stalled', () => {
    it('when it is silent or says it is offline', async () => {
      const [first, leased] = await submit(shop, 2, { priority: 'HIGH' });
      expect(await leasedIds(phone, 1)).toEqual([first]);
      await report(phone, first!, 'SENT');
      await leasedIds(phone, 1);
      gateway.clock.advance(1);
      const [waiting] = await submit(shop);
      expect(await stalled()).toEqual([]);

      await phone.api.post('/agent/heartbeat', { status: 'offline' });
      const both = [
        [waiting, 'agent_offline'],
        [leased, 'agent_offline'],
      ];
      expect(await stalled()).toEqual(both);
      await phone.api.post('/agent/heartbeat', {});
      expect(await stalled()).toEqual([]);
      gateway.clock.advance(91);
      expect(await stalled()).toEqual(both);
    });

    it('of a group as well, while none of the group’s phones is there', async () => {
      for (const { agentId } of [phone, second])
        await shop.admin.patch(`/admin/agents/${agentId}`, { groups: ['two'] });
      const [id] = await submit(shop, 1, { route: 'group:two' });
      expect(await leasedIds(phone)).toEqual([id]);
      const [own] = await submit(shop);
      await phone.api.post('/agent/heartbeat', { status: 'offline' });
      expect(await stalled()).toEqual([[own, 'agent_offline']]);
      const both = [
        [own, 'agent_offline'],
        [id, 'agent_offline'],
      ];
      await second.api.post('/agent/heartbeat', { status: 'offline' });
      expect(await stalled()).toEqual(both);
      await second.api.post('/agent/heartbeat', {});
      expect(await stalled()).toEqual([both[0]]);
      await shop.admin.patch(`/admin/agents/${second.agentId}`, { groups: [] });
      expect(await stalled()).toEqual(both);
    });

    it('when it is unregistered', async () => {
      const [id] = await submit(shop);
      await unregister(phone);
      expect(await stalled()).toEqual([[id, 'agent_unregistered']]);
      expect((await message(id!)).status).toBe('PENDING');
    });

    it('when it began to send and never told the end', async () => {
      const [id, told] = await submit(shop, 2);
      await leasedIds(phone);
      for (const one of [id!, told!]) await report(phone, one, 'SENDING');
      gateway.clock.advance(LEASE);
      await phone.api.post('/agent/heartbeat', {});
      expect(await stalled()).toEqual([]);
      await report(phone, told!, 'SENT');
      gateway.clock.advance(1);
      expect(await stalled()).toEqual([[id, 'sending_unconfirmed']]);
      await report(phone, id!, 'SENT');
      expect(await stalled()).toEqual([]);
    });

    it('page by page, and for nobody else to see', async () => {
      const ids = await submit(shop, 5);
      await unregister(phone);
      const first = (await shop.admin.get('/messages/stalled?limit=3')).body;
      const second = (await shop.admin.get(`/messages/stalled?limit=3&cursor=${first.next}`)).body;
      const skipped = (await shop.admin.get('/messages/stalled?limit=3&skip=3')).body;
      expect(first.count).toBe(3);
      const paged = [...first.items, ...second.items].map((item) => item.message_id);
      expect(paged.slice(0, 5)).toEqual(ids.toReversed());
      expect(skipped.items).toEqual(second.items);
      const other = await openTenantShop(gateway, 'curious');
      expect((await other.admin.get('/messages/stalled')).body).toEqual({ items: [], count: 0 });
      expect((await shop.client.get('/messages/stalled')).status).toBe(403);
    });
  });

  describe('gives its messages to', () => {
    it('another phone, which gets them in their order', async () => {
      const ids = await submit(shop, 3);
      await unregister(phone);
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 3, still_leased: 0 });
      expect(await stalled()).toEqual([]);
      expect(await message(ids[0]!)).toMatchObject({
        status: 'PENDING',
        agent_id: second.agentId,
        route: `agent:${second.agentId}`,
      });
      expect(await leasedIds(second)).toEqual(ids);
      const { history } = await message(ids[0]!);
      expect(history).toMatchObject([
        { event: 'accepted' },
        {
          event: 'reassigned',
          actor: expect.stringMatching(/^user:usr_/),
          note: `agent:${second.agentId}`,
          at: gateway.clock.now().toISOString(),
        },
        { event: 'leased', actor: `agent:${second.agentId}` },
      ]);
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 0, still_leased: 0 });
    });

    it('a group', async () => {
      const ids = await submit(shop, 2);
      expectError(await reassign({ route: 'group:helpers' }), 409, 'route_without_phone', 'route');
      expect(await message(ids[0]!)).toMatchObject({ route: `agent:${phone.agentId}` });
      const anyway = await reassign({ route: 'group:helpers', allow_empty_route: true });
      expect(anyway.body).toMatchObject({ reassigned: 2 });
      expect(await message(ids[0]!)).toMatchObject({ status: 'PENDING', agent_id: null, route: 'group:helpers' });
      expect(await leasedIds(phone)).toEqual([]);
      await shop.admin.patch(`/admin/agents/${second.agentId}`, { groups: ['helpers'] });
      expect(await leasedIds(second)).toEqual(ids);
    });

    it('a phone that waits for work', async () => {
      const ids = await submit(shop, 1);
      await second.api.post('/agent/heartbeat', {});
      const answer = second.api.get('/agent/jobs/next?wait=20');
      await toSecond();
      expect((await answer).body.messages).toMatchObject([{ message_id: ids[0] }]);
    });

    it('nobody before their time', async () => {
      const at = new Date(gateway.clock.now().getTime() + 3_600_000).toISOString();
      const [id] = await submit(shop, 1, { schedule_at: at });
      expect((await toSecond()).body).toMatchObject({ reassigned: 1 });
      expect((await message(id!)).schedule_at).toBe(at);
      gateway.clock.advance(3599);
      expect(await leasedIds(second)).toEqual([]);
      gateway.clock.advance(1);
      expect(await leasedIds(phone)).toEqual([]);
      expect(await leasedIds(second)).toEqual([id]);
    });

    it('another phone, also those that had to leave by one of its SIMs', async () => {
      const two = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
      const ids = await submit({ ...shop, phone: two }, 2, { sim_slot: 1 });
      // The SIM was taken out: nobody asks for its texts any more.
      await two.api.post('/agent/heartbeat', { sims: [{ slot: 0 }] });
      expect(await leasedIds(two)).toEqual([]);
      expect((await reassign({ route: `agent:${second.agentId}` }, two)).body).toMatchObject({ reassigned: 2 });
      expect(await leaseJobs(second)).toMatchObject(ids.map((message_id) => ({ message_id, sim_slot: null })));
    });

    it('another phone, however many they are', async () => {
      const later = new Date(gateway.clock.now().getTime() + 60_000).toISOString();
      await submit(shop, 250);
      await submit(shop, 250, { schedule_at: later });
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 500, still_leased: 0 });
      gateway.clock.advance(60);
      const got: string[] = [];
      for (let more = await leasedIds(second, 200); more.length > 0; more = await leasedIds(second, 200)) {
        got.push(...more);
      }
      expect(new Set(got).size).toBe(500);
      expect(await leasedIds(phone)).toEqual([]);
    });

    it('nobody while it holds them, unless its leases are ended', async () => {
      const [leased, sending] = await submit(shop, 2);
      const jobs = await leaseJobs(phone);
      await report(phone, sending!, 'SENDING');
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 0, still_leased: 1 });
      expect(await leasedIds(second)).toEqual([]);

      expect((await toSecond({ end_leases: true })).body).toEqual({ status: 'ok', reassigned: 1, still_leased: 0 });
      expect(await message(leased!)).toMatchObject({ status: 'ASSIGNED', lease: { holder: phone.agentId } });
      expect((await message(leased!)).lease.ended_at).toBe(gateway.clock.now().toISOString());
      const [job] = await leaseJobs(second);
      expect(job).toMatchObject({ message_id: leased, attempts: 2 });

      const refused = { result: 'conflict', status: 'ASSIGNED' };
      expect(await report(phone, leased!, 'SENDING', { lease_id: jobs[0]!.lease_id })).toMatchObject(refused);
      expect(await report(second, leased!, 'SENDING', { lease_id: job!.lease_id })).toMatchObject({
        result: 'updated',
      });
      // What it had begun stays its own.
      expect(await message(sending!)).toMatchObject({ status: 'SENDING', agent_id: phone.agentId });
      expect(await report(phone, sending!, 'SENT')).toMatchObject({ result: 'updated' });
    });

    it('nobody of what it holds, and counts each of those once, however many they are', async () => {
      const held = await submit(shop, 250);
      expect([...(await leasedIds(phone, 200)), ...(await leasedIds(phone, 200))]).toEqual(held);
      // They wait for the same instant, and for one page of them after the other.
      const end = new Date(gateway.clock.now().getTime() + LEASE * 1000).toISOString();
      await submit(shop, 250, { schedule_at: end });
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 250, still_leased: 250 });
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 0, still_leased: 250 });
      expect((await toSecond({ end_leases: true })).body).toEqual({ status: 'ok', reassigned: 250, still_leased: 0 });
    });

    it('another phone before that one has leased them: the old one’s question is a conflict', async () => {
      const [id] = await submit(shop);
      await leaseJobs(phone);
      await toSecond({ end_leases: true });
      expect(await report(phone, id!, 'SENDING')).toMatchObject({ result: 'conflict', status: 'ASSIGNED' });
      expect(await report(phone, id!, 'SENT')).toMatchObject({ result: 'updated', status: 'SENT' });
      expect(await leasedIds(second)).toEqual([]);
    });

    it('another phone when their leases have run out', async () => {
      const ids = await submit(shop, 2);
      await leasedIds(phone);
      gateway.clock.advance(LEASE);
      expect((await toSecond()).body).toEqual({ status: 'ok', reassigned: 2, still_leased: 0 });
      expect(await leasedIds(phone)).toEqual([]);
      expect(await leaseJobs(second)).toMatchObject(ids.map((message_id) => ({ message_id, attempts: 2 })));
    });
  });

  it('gives nothing to a place that is none', async () => {
    const other = await openTenantShop(gateway, 'elsewhere');
    const gone = await registerPhone(gateway);
    await unregister(gone);
    const [id] = await submit(shop);
    const routes = [
      'nonsense',
      'group:Not A Name',
      'carrier:twilio',
      'agent:agt_00000000000000000000000000',
      `agent:${phone.agentId}`,
      `agent:${gone.agentId}`,
      `agent:${other.phone.agentId}`,
    ];
    for (const route of routes) {
      const { status, body } = await reassign({ route });
      expect({ route, status, field: body.details[0]?.field }).toEqual({ route, status: 400, field: 'route' });
    }
    expect((await reassign({})).status).toBe(400);
    expect((await reassign({ route: 'group:helpers', end_leases: 'yes' })).body.details[0].field).toBe('end_leases');
    expect(await leasedIds(phone)).toEqual([id]);
  });
});
