import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { leasedIds, leaseJobs, submit } from '../support/traffic.js';

const LEASE = 300;

describe('leasing', () => {
  let gateway: TestGateway;
  let shop: Shop;
  /** A phone of its own for each test; `shop` sends to it. */
  let phone: Phone;

  const message = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const later = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000).toISOString();
  const joinGroup = async (member: Phone, group: string, admin = shop.admin) => {
    const { status } = await admin.patch(`/admin/agents/${member.agentId}`, { groups: [group] });
    expect(status).toBe(200);
  };

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: '6000',
      LEASE_SECONDS: String(LEASE),
      MAX_ATTEMPTS: '3',
      JWT_ACCESS_MINUTES: '10000',
    });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  it('goes by priority, then by time of acceptance, then by place in the request', async () => {
    const low = await submit(shop, 1, { priority: 'LOW' });
    const [normal1, normal2] = await submit(shop, 2);
    gateway.clock.advance(1);
    const third = await submit(shop, 1, { priority: 'whatever' });
    gateway.clock.advance(1);
    const high = await submit(shop, 2, { priority: 'high' });
    const order = [...high, normal1, normal2, ...third, ...low];

    expect(await leasedIds(phone, 1)).toEqual([order[0]]);
    expect(await leasedIds(phone, 3)).toEqual(order.slice(1, 4));
    expect(await leasedIds(phone)).toEqual(order.slice(4));
    expect(await leasedIds(phone)).toEqual([]);
  });

  it('goes by the order of acceptance among those of the same instant, also after their leases ran out', async () => {
    const requests = [];
    for (let i = 0; i < 12; i++) requests.push(await submit(shop, 3));
    const ids = requests.flat();
    for (let i = 0; i < ids.length; i += 5) expect(await leasedIds(phone, 5)).toEqual(ids.slice(i, i + 5));
    gateway.clock.advance(LEASE);
    expect(await leasedIds(phone)).toEqual(ids);
  });

  it('gives 50 jobs unless asked for more, and 200 at most', async () => {
    const ids = await submit(shop, 260);
    const first = await phone.api.get('/agent/jobs/next');
    expect(first.body.messages.map((job: { message_id: string }) => job.message_id)).toEqual(ids.slice(0, 50));
    expect(await leasedIds(phone, 200)).toEqual(ids.slice(50, 250));
    for (const limit of ['201', '0', '-1', '1.5', 'many']) {
      const { status, body } = await phone.api.get(`/agent/jobs/next?limit=${limit}`);
      expect({ limit, status, field: body.details?.[0].field }).toEqual({ limit, status: 400, field: 'limit' });
    }
    expect(await leasedIds(phone)).toEqual(ids.slice(250));
  });

  it('tells what a phone has to know', async () => {
    const [id] = await submit(shop, 1, { priority: 'HIGH' });
    const { body } = await phone.api.get('/sms/agent/jobs/next?limit=10&unknown=1');
    expect(body).toEqual({
      batch_id: expect.stringMatching(/^bat_/),
      lease_seconds: LEASE,
      rate_limit_per_min: 6000,
      messages: [
        {
          message_id: id,
          request_id: expect.stringMatching(/^req_/),
          to: '+84901230000',
          text: expect.stringMatching(/^Ma OTP no \d+$/),
          priority: 'HIGH',
          schedule_at: null,
          sim_slot: null,
          segments: 1,
          encoding: 'GSM-7',
          attempts: 1,
          lease_id: expect.stringMatching(/^lea_/),
          lease_expires_at: later(LEASE),
        },
      ],
    });
    expect(await message(id!)).toMatchObject({
      status: 'ASSIGNED',
      agent_id: phone.agentId,
      lease: { lease_id: body.messages[0].lease_id, holder: phone.agentId, expires_at: later(LEASE), ended_at: null },
    });
    const empty = await phone.api.get('/agent/jobs/next');
    expect(empty.body).toMatchObject({ lease_seconds: LEASE, messages: [] });
    expect(empty.body.batch_id).not.toBe(body.batch_id);
  });

  it('leases what ran out again, as another lease and one more attempt', async () => {
    const [id] = await submit(shop);
    const [first] = await leaseJobs(phone);
    gateway.clock.advance(LEASE - 1);
    expect(await leaseJobs(phone)).toEqual([]);
    gateway.clock.advance(1);
    const [second] = await leaseJobs(phone);
    expect(second).toMatchObject({ message_id: id, attempts: 2, lease_expires_at: later(LEASE) });
    expect(second!.lease_id).not.toBe(first!.lease_id);
  });

  it('is not made longer by a report', async () => {
    const [id] = await submit(shop);
    const [job] = await leaseJobs(phone);
    const end = job!.lease_expires_at;
    gateway.clock.advance(100);
    await report(phone, id!, 'ASSIGNED');
    await report(phone, id!, 'DELIVERED');
    expect((await message(id!)).lease.expires_at).toBe(end);
    await report(phone, id!, 'SENDING');
    expect((await message(id!)).lease.expires_at).toBe(end);
  });

  it.each(['SENT', 'FAILED', 'DELIVERED'])('is ended by %s', async (status) => {
    const [id] = await submit(shop);
    await leaseJobs(phone);
    await report(phone, id!, 'SENDING');
    gateway.clock.advance(5);
    await report(phone, id!, status);
    expect((await message(id!)).lease.ended_at).toBe(gateway.clock.now().toISOString());
    gateway.clock.advance(2 * LEASE);
    expect(await leaseJobs(phone)).toEqual([]);
  });

  it('fails after MAX_ATTEMPTS leases that came to nothing', async () => {
    const [id] = await submit(shop);
    for (const attempts of [1, 2, 3]) {
      expect(await leaseJobs(phone)).toMatchObject([{ message_id: id, attempts }]);
      gateway.clock.advance(LEASE);
    }
    expect(await leaseJobs(phone)).toEqual([]);
    expect(await message(id!)).toMatchObject({
      status: 'FAILED',
      last_error: 'MAX_ATTEMPTS',
      attempts: 3,
      failed_at: gateway.clock.now().toISOString(),
    });
  });

  it('never happens again once sending began, until the message expires', async () => {
    const [id] = await submit(shop, 1, { ttl_seconds: 7200 });
    const [job] = await leaseJobs(phone);
    await report(phone, id!, 'SENDING', { lease_id: job!.lease_id });
    gateway.clock.advance(LEASE + 1);
    expect(await leaseJobs(phone)).toEqual([]);
    gateway.clock.advance(3600);
    expect(await leaseJobs(phone)).toEqual([]);
    expect((await message(id!)).status).toBe('SENDING');
    gateway.clock.advance(7200);
    await gateway.get(QueueWorker).run();
    expect(await message(id!)).toMatchObject({ status: 'FAILED', last_error: 'UNCONFIRMED', attempts: 1 });
  });

  it('never outlives its message', async () => {
    const [id] = await submit(shop, 1, { ttl_seconds: 60 });
    const [job] = await leaseJobs(phone);
    expect(job!.lease_expires_at).toBe(later(60));
    gateway.clock.advance(60);
    expect(await report(phone, id!, 'SENDING', { lease_id: job!.lease_id })).toMatchObject({ result: 'conflict' });
    expect(await leaseJobs(phone)).toEqual([]);
    expect(await message(id!)).toMatchObject({ status: 'FAILED', last_error: 'EXPIRED', attempts: 1 });
  });

  it('passes over what expired before anybody took it', async () => {
    const [late] = await submit(shop, 1, { ttl_seconds: 30 });
    const [fresh] = await submit(shop);
    gateway.clock.advance(30);
    expect(await leasedIds(phone, 1)).toEqual([fresh]);
    expect(await message(late!)).toMatchObject({ status: 'FAILED', last_error: 'EXPIRED', attempts: 0 });
  });

  it('waits for schedule_at', async () => {
    const at = later(3600);
    const [scheduled] = await submit(shop, 1, { schedule_at: at });
    const [now] = await submit(shop);
    expect(await leasedIds(phone)).toEqual([now]);
    gateway.clock.advance(3599);
    await report(phone, now!, 'SENT');
    expect(await leasedIds(phone)).toEqual([]);
    gateway.clock.advance(1);
    expect(await leaseJobs(phone)).toMatchObject([{ message_id: scheduled, schedule_at: at }]);
  });

  it('shares a group’s texts between its phones', async () => {
    const second = await registerPhone(gateway);
    const outsider = await registerPhone(gateway);
    await joinGroup(phone, 'shared');
    await joinGroup(second, 'shared');
    const ids = await submit(shop, 6, { route: 'group:shared' });
    const own = await submit(shop, 1, { priority: 'HIGH' });

    expect(await leasedIds(outsider)).toEqual([]);
    const [mine, theirs] = [await leasedIds(phone, 4), await leasedIds(second)];
    expect(mine).toEqual([...own, ...ids.slice(0, 3)]);
    expect(theirs).toEqual(ids.slice(3));
    expect(await message(theirs[0]!)).toMatchObject({ route: 'group:shared', agent_id: second.agentId });
    // One that its first phone let run out goes to the other.
    gateway.clock.advance(LEASE);
    expect(await leasedIds(second)).toEqual(ids);
    expect(await message(mine[1]!)).toMatchObject({ agent_id: second.agentId, attempts: 2 });
  });

  it('never gives one message to two of twenty polls at once', async () => {
    const ids = await submit(shop, 300);
    const polls = await Promise.all(Array.from({ length: 20 }, () => leasedIds(phone, 20)));
    const got = polls.flat();
    expect(new Set(got).size).toBe(got.length);
    while (got.length < ids.length) {
      const more = await leasedIds(phone, 200);
      expect(more).not.toEqual([]);
      got.push(...more);
    }
    expect(got.toSorted()).toEqual(ids.toSorted());
  });

  it('never gives one message to two of twenty phones of a group', async () => {
    const members = await Promise.all(Array.from({ length: 20 }, () => registerPhone(gateway)));
    await Promise.all(members.map((member) => joinGroup(member, 'many')));
    const ids = await submit(shop, 300, { route: 'group:many' });
    const holderOf = new Map<string, string>();
    while (holderOf.size < ids.length) {
      const polls = await Promise.all(members.map((member) => leasedIds(member, 10)));
      const got = polls.flat();
      expect(got).not.toEqual([]);
      polls.forEach((taken, i) => {
        for (const id of taken) {
          expect(holderOf.has(id)).toBe(false);
          holderOf.set(id, members[i]!.agentId);
        }
      });
    }
    const { body } = await shop.client.get(`/messages/all?agent_id=${members[0]!.agentId}&limit=500`);
    const held = [...holderOf].filter(([, holder]) => holder === members[0]!.agentId).map(([id]) => id);
    expect(body.items.map((item: { message_id: string }) => item.message_id).toSorted()).toEqual(held.toSorted());
  });

  it('keeps the queues of two tenants apart, also those of groups with one name', async () => {
    const other = await openTenantShop(gateway, 'other');
    await joinGroup(phone, 'shared-name');
    await joinGroup(other.phone, 'shared-name', other.admin);
    const ours = [...(await submit(shop, 2)), ...(await submit(shop, 2, { route: 'group:shared-name' }))];
    const theirs = [...(await submit(other, 2)), ...(await submit(other, 2, { route: 'group:shared-name' }))];
    expect((await leasedIds(other.phone)).toSorted()).toEqual(theirs.toSorted());
    expect((await leasedIds(phone)).toSorted()).toEqual(ours.toSorted());

    const foreign = await other.client.post('/requests', {
      template_id: other.templateId,
      agent_id: phone.agentId,
      messages: [{ to: '+84901230000', variables: { CODE: 'foreign' } }],
    });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'agent_not_found' } });
  });
});
