import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { leasedIds, leaseJobs, submit, type Job } from '../support/traffic.js';

/** Ten texts a minute and leases of five minutes: fifty may be out, ten of which are kept for HIGH. */
const RATE = 10;
const LEASE = 300;
const CAPACITY = 50;
const BULK = 40;

describe('pacing', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;

  const change = async (fields: Record<string, unknown>) => {
    const { status } = await shop.admin.patch(`/admin/agents/${phone.agentId}`, fields);
    expect(status).toBe(200);
  };
  /** How many of what is leased may leave by each SIM. */
  const bySim = (jobs: Job[]) => {
    const counts: Record<string, number> = {};
    for (const { sim_slot } of jobs) counts[String(sim_slot)] = (counts[String(sim_slot)] ?? 0) + 1;
    return counts;
  };
  const at = (time: string) => gateway.clock.set(time);

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: String(RATE),
      LEASE_SECONDS: String(LEASE),
      JWT_ACCESS_MINUTES: '100000',
    });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  it('leases no more than the phone can send within a lease, and keeps a share for HIGH', async () => {
    await submit(shop, 60);
    expect(await leasedIds(phone, 200)).toHaveLength(BULK);
    expect(await leasedIds(phone, 200)).toEqual([]);
    const codes = await submit(shop, 20, { priority: 'HIGH' });
    expect(await leasedIds(phone, 200)).toEqual(codes.slice(0, CAPACITY - BULK));
    expect(await leasedIds(phone, 200)).toEqual([]);
  });

  it('lets a code overtake a campaign that has used up the rest', async () => {
    await submit(shop, 100, { priority: 'LOW' });
    await leasedIds(phone, 200);
    const code = await submit(shop, 1, { priority: 'HIGH' });
    expect(await leasedIds(phone, 200)).toEqual(code);
  });

  it('counts HIGH against the same whole', async () => {
    const codes = await submit(shop, 45, { priority: 'HIGH' });
    await submit(shop, 20);
    expect(await leasedIds(phone, 200)).toEqual(codes);
    const more = await submit(shop, 10, { priority: 'HIGH' });
    expect(await leasedIds(phone, 200)).toEqual(more.slice(0, 5));
  });

  it('holds for many polls at once', async () => {
    await submit(shop, 100);
    const polls = await Promise.all(Array.from({ length: 10 }, () => leasedIds(phone, 7)));
    const rest: string[] = [];
    for (let more = await leasedIds(phone); more.length > 0; more = await leasedIds(phone)) rest.push(...more);
    expect(new Set([...polls.flat(), ...rest]).size).toBe(BULK);
  });

  it('frees what a lease’s time ago was leased, and never more', async () => {
    await submit(shop, 200, { priority: 'HIGH' });
    const taken: { second: number; count: number }[] = [];
    let total = 0;
    for (let second = 0; second <= 3 * LEASE; second += 15) {
      const jobs = await leaseJobs(phone, 7);
      // Told at once, so that nothing is leased a second time.
      if (jobs.length > 0) {
        const messages = jobs.map(({ message_id }) => ({ message_id, status: 'SENT' }));
        await phone.api.post('/agent/messages/report', { messages });
      }
      taken.push({ second, count: jobs.length });
      total += jobs.length;
      const window = taken.filter((poll) => poll.second > second - LEASE).reduce((sum, { count }) => sum + count, 0);
      expect(window).toBeLessThanOrEqual(CAPACITY);
      gateway.clock.advance(15);
    }
    // Little is lost to the coarseness of the window: at least nine tenths of the pace are used.
    expect(total).toBeGreaterThanOrEqual(Math.floor(0.9 * 3 * CAPACITY));
  });

  it('goes by the phone’s own rate before the tenant’s', async () => {
    await submit(shop, 60, { priority: 'HIGH' });
    await change({ rate_limit_per_min: 2 });
    const slow = await phone.api.get('/agent/jobs/next?limit=200');
    expect(slow.body.rate_limit_per_min).toBe(2);
    expect(slow.body.messages).toHaveLength(10);
    await change({ rate_limit_per_min: null });
    expect(await leasedIds(phone, 200)).toHaveLength(CAPACITY - 10);

    const other = await registerPhone(gateway);
    await submit({ ...shop, phone: other }, 60, { priority: 'HIGH' });
    await shop.admin.put('/admin/settings', { agent_rate_limit_per_min: 4 });
    const { body } = await other.api.get('/agent/jobs/next?limit=200');
    await shop.admin.put('/admin/settings', { agent_rate_limit_per_min: null });
    expect(body.rate_limit_per_min).toBe(4);
    expect(body.messages).toHaveLength(20);
  });

  it('keeps to an agent’s daily cap until midnight UTC', async () => {
    at('2126-12-01T20:00:00Z');
    await change({ daily_cap: 5 });
    const ids = await submit(shop, 20, { priority: 'HIGH' });
    expect(await leasedIds(phone, 3)).toEqual(ids.slice(0, 3));
    expect(await leasedIds(phone)).toEqual(ids.slice(3, 5));
    const messages = ids.slice(0, 5).map((message_id) => ({ message_id, status: 'SENT' }));
    await phone.api.post('/agent/messages/report', { messages });
    at('2126-12-01T23:59:59Z');
    expect(await leasedIds(phone)).toEqual([]);
    at('2126-12-02T00:00:00Z');
    expect(await leasedIds(phone)).toEqual(ids.slice(5, 10));
    await change({ daily_cap: 0 });
    expect(await leasedIds(phone)).toEqual([]);
    await change({ daily_cap: null });
    expect(await leasedIds(phone)).toEqual(ids.slice(10));
  });

  describe('of a phone with two SIMs', () => {
    const caps = (first: number | null, second: number | null) =>
      change({
        sims: [
          { slot: 0, daily_cap: first },
          { slot: 1, daily_cap: second },
        ],
      });

    beforeEach(async () => {
      phone = await registerPhone(gateway, { sims: [{ slot: 0 }, { slot: 1 }] });
      shop = { ...shop, phone };
    });

    it('leaves the choice to the phone while no SIM has a cap', async () => {
      await submit(shop, 3);
      expect(bySim(await leaseJobs(phone))).toEqual({ null: 3 });
    });

    it('spreads texts over the SIMs, the one with most of its day left first', async () => {
      await caps(2, 4);
      await submit(shop, 10);
      expect((await leaseJobs(phone, 2)).map((job) => job.sim_slot)).toEqual([1, 1]);
      expect(bySim(await leaseJobs(phone))).toEqual({ 0: 2, 1: 2 });
      expect(await leaseJobs(phone)).toEqual([]);
    });

    it('holds to the caps, whichever SIMs the phone tells of', async () => {
      await caps(2, 3);
      await submit(shop, 10);
      await phone.api.post('/agent/heartbeat', { sims: [] });
      expect(bySim(await leaseJobs(phone, 4))).toEqual({ 0: 2, 1: 2 });
      await phone.api.post('/agent/heartbeat', { sims: [{ slot: 1 }] });
      expect(bySim(await leaseJobs(phone))).toEqual({ 1: 1 });
      await phone.api.post('/agent/heartbeat', { sims: [{ slot: 0 }, { slot: 1 }] });
      expect(await leaseJobs(phone)).toEqual([]);
    });

    it('spares the capped SIM while the other has no cap', async () => {
      await caps(2, null);
      await submit(shop, 10);
      expect(bySim(await leaseJobs(phone))).toEqual({ 1: 10 });
    });

    it('starts each SIM’s day again at midnight UTC', async () => {
      at('2126-12-05T23:50:00Z');
      await caps(1, 2);
      await submit(shop, 10);
      expect(bySim(await leaseJobs(phone))).toEqual({ 0: 1, 1: 2 });
      at('2126-12-05T23:59:59Z');
      expect(await leaseJobs(phone)).toEqual([]);
      at('2126-12-06T00:00:00Z');
      expect(bySim(await leaseJobs(phone))).toEqual({ 0: 1, 1: 2 });
    });

    it('sends by the SIM that was asked for, as far as its day goes', async () => {
      await caps(2, null);
      const [first, second] = await submit(shop, 3, { sim_slot: 0 });
      gateway.clock.advance(1);
      const pinned = await submit(shop, 1, { sim_slot: 1 });
      const jobs = await leaseJobs(phone);
      expect(jobs.map(({ message_id, sim_slot }) => [message_id, sim_slot])).toEqual([
        [first, 0],
        [second, 0],
        [pinned[0], 1],
      ]);
      expect((await shop.client.get(`/messages/${first}`)).body).toMatchObject({ sim_slot: 0, lease: {} });
    });

    it.each([1, 10])('goes on with the other SIM when one has used up its day (%i at a time)', async (limit) => {
      await caps(1, null);
      const [used] = await submit(shop, 30, { sim_slot: 0 });
      gateway.clock.advance(1);
      const other = await submit(shop, 3, { sim_slot: 1 });
      gateway.clock.advance(1);
      const open = await submit(shop, 2);
      const got: string[] = [];
      for (let more = await leasedIds(phone, limit); more.length > 0; more = await leasedIds(phone, limit)) {
        got.push(...more);
      }
      expect(got).toEqual([used, ...other, ...open]);
    });

    it('refuses a SIM that the phone doesn’t have', async () => {
      const answer = await shop.client.post('/requests', {
        template_id: shop.templateId,
        agent_id: phone.agentId,
        messages: [{ to: '+84901230000', variables: { CODE: 'sim' }, sim_slot: 2 }],
      });
      expect(answer).toMatchObject({ status: 400, body: { details: [{ field: 'messages.0.sim_slot' }] } });
    });
  });

  it('refuses a SIM of a phone that has told of none: nothing would ever ask for its texts', async () => {
    const answer = await shop.client.post('/requests', {
      template_id: shop.templateId,
      agent_id: phone.agentId,
      messages: [{ to: '+84901230000', variables: { CODE: 'no sim' }, sim_slot: 0 }],
    });
    expect(answer).toMatchObject({ status: 400, body: { details: [{ field: 'messages.0.sim_slot' }] } });
  });
});

describe('pacing of a phone that is slower than a text in a lease’s time', () => {
  it('lets one out at a time', async () => {
    const gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '1', LEASE_SECONDS: '30' });
    try {
      const shop = await openShop(gateway);
      await submit(shop, 3);
      expect(await leasedIds(shop.phone)).toHaveLength(1);
      expect(await leasedIds(shop.phone)).toEqual([]);
      gateway.clock.advance(31);
      expect(await leasedIds(shop.phone)).toHaveLength(1);
    } finally {
      await gateway.stop();
    }
  });
});
