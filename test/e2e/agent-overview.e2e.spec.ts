import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { leasedIds, leaseJobs, submit } from '../support/traffic.js';

const LEASE = 300;

describe('one phone as an administrator sees it', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;

  const look = async () => {
    const { status, body } = await shop.admin.get(`/admin/agents/${phone.agentId}`);
    expect(status).toBe(200);
    return body;
  };
  const change = async (fields: Record<string, unknown>) => {
    expect((await shop.admin.patch(`/admin/agents/${phone.agentId}`, fields)).status).toBe(200);
  };

  beforeAll(async () => {
    gateway = await TestGateway.start({ LEASE_SECONDS: String(LEASE), JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  it('is well when it has just come', async () => {
    expect(await look()).toMatchObject({
      summary: ['It is online.'],
      advice: [],
      last_asked_at: null,
      waiting: { own: 0, groups: 0 },
      held: { count: 0, messages: [] },
      failures: [],
      pace: {
        rate_limit_per_min: 10,
        lease: { seconds: LEASE, cap: 50, used: 0, left: 40, left_for_high: 50 },
        hour: null,
        day: null,
        sims: [
          { slot: 0, hour: null, day: null },
          { slot: 1, hour: null, day: null },
        ],
        hours: null,
        opens_at: null,
        next_at: gateway.clock.now().toISOString(),
      },
    });
  });

  it('tells of silence, and of what waits', async () => {
    await change({ groups: ['quiet'] });
    await phone.api.post('/agent/heartbeat', { battery_level: 7 });
    await submit(shop, 2);
    await submit(shop, 1, { sim_slot: 1 });
    await submit(shop, 4, { route: 'group:quiet' });
    const at = new Date(gateway.clock.now().getTime() + 7_200_000).toISOString();
    await submit(shop, 5, { schedule_at: at });
    gateway.clock.advance(12 * 60 + 5);
    expect(await look()).toMatchObject({
      online: false,
      battery_level: 7,
      waiting: { own: 3, groups: 4 },
      open_messages: { PENDING: 8 },
      summary: [
        'No report for 12 minutes; 3 texts are waiting for it.',
        '4 texts are waiting for its groups.',
        'Its battery is at 7 %.',
      ],
      advice: ['Check that the phone is on, has a network, and that its app runs.', 'Charge it.'],
    });
  });

  it('tells that it lives and asks for nothing', async () => {
    await leasedIds(phone);
    expect(await look()).toMatchObject({ last_asked_at: gateway.clock.now().toISOString() });
    await submit(shop);
    gateway.clock.advance(20 * 60);
    await phone.api.post('/agent/heartbeat', {});
    expect((await look()).summary).toEqual([
      'It is online; 1 text is waiting for it.',
      'It has asked for nothing for 20 minutes.',
    ]);
    await leasedIds(phone);
    expect((await look()).summary).toEqual(['It is online.', 'It holds 1 text.']);
  });

  it('shows what it holds, and no longer than its lease', async () => {
    const ids = await submit(shop, 25);
    const jobs = await leaseJobs(phone, 25);
    await report(phone, ids[0]!, 'SENDING', { lease_id: jobs[0]!.lease_id });
    const { held } = await look();
    expect(held.count).toBe(25);
    expect(held.messages).toHaveLength(20);
    expect(held.messages[0]).toEqual({ message_id: ids[0], status: 'SENDING', segments: 1, lease_expires_at: null });
    expect(held.messages[1]).toEqual({
      message_id: ids[24],
      status: 'ASSIGNED',
      segments: 1,
      lease_expires_at: jobs[24]!.lease_expires_at,
    });
    gateway.clock.advance(LEASE);
    expect((await look()).held).toMatchObject({ count: 1, messages: [{ message_id: ids[0] }] });
  });

  it('shows what it failed at, and why', async () => {
    const ids = await submit(shop, 12);
    await leasedIds(phone);
    for (const id of ids.slice(0, 11)) {
      await report(phone, id, 'FAILED', { error: { code: 'NO_SERVICE', message: 'The phone has no network.' } });
    }
    await report(phone, ids[11]!, 'FAILED', { error: { message: 'RIL_ERROR 7' } });
    const { failures, summary, advice } = await look();
    expect(failures).toHaveLength(10);
    const failed_at = gateway.clock.now().toISOString();
    expect(failures.slice(0, 2)).toEqual([
      { message_id: ids[11], code: 'RIL_ERROR 7', reason: 'RIL_ERROR 7', failed_at },
      { message_id: ids[10], code: 'NO_SERVICE', reason: 'The phone has no network.', failed_at },
    ]);
    expect(summary.at(-1)).toBe('10 texts failed in the last day, the last one 0 seconds ago (RIL_ERROR 7).');
    expect(advice).toEqual(['Look at what the phone shows: its credit, its SIM, and the permission to send SMS.']);
  });

  it('shows what is left of its pace and caps', async () => {
    gateway.clock.set('2127-03-01T10:00:30Z');
    const sims = [
      { slot: 0, hourly_cap: 5, daily_cap: 100 },
      { slot: 1, daily_cap: 0 },
    ];
    await change({ sims, daily_cap: 50, hourly_cap: 30 });
    await submit(shop, 9);
    expect(await leasedIds(phone)).toHaveLength(4);
    gateway.clock.advance(40);
    await phone.api.post('/agent/heartbeat', {});
    const { pace, summary, advice } = await look();
    expect(pace).toMatchObject({
      lease: { cap: 50, used: 4, left: 36, left_for_high: 46 },
      hour: { cap: 30, used: 4, left: 20, left_for_high: 26 },
      day: { cap: 50, used: 4, left: 46, left_for_high: 46 },
      sims: [
        { slot: 0, hour: { cap: 5, used: 4, left: 0, left_for_high: 1 }, day: { cap: 100, used: 4, left: 96 } },
        { slot: 1, hour: null, day: { cap: 0, used: 0, left: 0, left_for_high: 0 } },
      ],
      next_at: '2127-03-01T11:02:00.000Z',
    });
    expect(summary).toEqual([
      'It is online; 5 texts are waiting for it.',
      'It holds 4 texts.',
      'It has sent 4 of 5 segments of this hour by SIM 1; the rest is kept for HIGH.',
      'Its cap of today by SIM 2 is 0: nothing leaves.',
      'The next can leave at 11:02 (UTC).',
    ]);
    expect(advice).toEqual([]);
    // And it does.
    gateway.clock.set('2127-03-01T11:01:59.999Z');
    expect(await leasedIds(phone)).toEqual([]);
    gateway.clock.set(pace.next_at);
    expect(await leasedIds(phone)).toHaveLength(4);
  });

  it('tells of its working hours', async () => {
    gateway.clock.set('2127-03-02T13:30:00Z');
    await phone.api.post('/agent/heartbeat', {});
    const hours = { from: '08:00', to: '20:00', zone: 'Asia/Ho_Chi_Minh' };
    await shop.admin.put('/admin/settings', { agent_hours: hours });
    const { pace, summary, hours: own } = await look();
    await shop.admin.put('/admin/settings', { agent_hours: null });
    expect(own).toBeNull();
    expect(pace).toMatchObject({ hours, opens_at: '2127-03-03T01:00:00.000Z', next_at: '2127-03-03T01:00:00.000Z' });
    expect(summary.at(-1)).toBe(
      'Outside its working hours until 2127-03-03 08:00 (Asia/Ho_Chi_Minh); HIGH alone leaves.',
    );
    expect((await look()).pace).toMatchObject({ hours: null, opens_at: null });
  });

  it('tells that it was unregistered', async () => {
    await submit(shop, 2);
    await shop.admin.post(`/admin/agents/${phone.agentId}/unregister`, { reason: 'stolen' });
    expect(await look()).toMatchObject({
      summary: ['It is unregistered (stolen); 2 texts are waiting for it.'],
      advice: ['Register it again, or reassign what waits for it (POST /admin/agents/{id}/reassign).'],
    });
  });

  it('is shown in lists without all of this', async () => {
    const { items } = (await shop.admin.get('/admin/agents?limit=1')).body;
    for (const field of ['summary', 'advice', 'held', 'failures', 'pace', 'open_messages', 'waiting'])
      expect(items[0]).not.toHaveProperty(field);
  });
});
