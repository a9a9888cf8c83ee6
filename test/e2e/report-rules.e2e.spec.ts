import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { leaseJobs, submit, type Job } from '../support/traffic.js';

const LEASE = 300;
const STATUSES = ['PENDING', 'ASSIGNED', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'CANCELED'] as const;
type Status = (typeof STATUSES)[number];

/** What a report of the present holder moves; everything else is a conflict, but a repetition and FAILED after SENT. */
const MOVES: Record<Status, readonly Status[]> = {
  PENDING: ['SENDING', 'SENT', 'FAILED'],
  ASSIGNED: ['SENDING', 'SENT', 'FAILED'],
  SENDING: ['SENT', 'DELIVERED', 'FAILED'],
  SENT: ['DELIVERED'],
  DELIVERED: [],
  FAILED: [],
  CANCELED: [],
};
const ALLOWED: Record<Status, readonly Status[]> = { ...MOVES, SENDING: ['SENT', 'FAILED'] };

describe('a report', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;
  /** The other phone of the group that `shared` messages go to. */
  let second: Phone;

  const message = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const now = () => gateway.clock.now().toISOString();
  const reportMany = (messages: unknown, by = phone) => by.api.post('/sms/agent/messages/report', { messages });

  /** A message brought to `status` the way messages get there. */
  async function messageIn(status: Status): Promise<string> {
    const [id] = await submit(shop);
    if (status === 'PENDING') return id!;
    if (status === 'CANCELED') {
      await shop.client.post(`/messages/${id}/cancel`);
      return id!;
    }
    await leaseJobs(phone);
    const way: Status[] = status === 'FAILED' ? ['SENDING', 'FAILED'] : ['SENDING', 'SENT', 'DELIVERED'];
    const steps = status === 'ASSIGNED' ? [] : way.slice(0, way.indexOf(status) + 1);
    for (const step of steps) expect(await report(phone, id!, step)).toMatchObject({ result: 'updated' });
    return id!;
  }

  /** A group's text that `phone` leased and let run out, and `second` leased after it. */
  async function takenOver(): Promise<{ id: string; old: Job; present: Job }> {
    const [id] = await submit(shop, 1, { route: `group:${phone.deviceId}` });
    const [old] = await leaseJobs(phone);
    gateway.clock.advance(LEASE);
    const [present] = await leaseJobs(second);
    expect(present!.message_id).toBe(id);
    return { id: id!, old: old!, present: present! };
  }

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000', LEASE_SECONDS: String(LEASE) });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    second = await registerPhone(gateway);
    shop = { ...shop, phone };
    for (const { agentId } of [phone, second]) {
      await shop.admin.patch(`/admin/agents/${agentId}`, { groups: [phone.deviceId] });
    }
  });
  afterAll(() => gateway.stop());

  describe.each(STATUSES)('of a message in %s', (from) => {
    it.each(STATUSES)('as %s', async (to) => {
      const id = await messageIn(from);
      const before = await message(id);
      gateway.clock.advance(1);
      const result = await report(phone, id, to);
      const after = await message(id);
      if (MOVES[from].includes(to)) {
        expect(result).toEqual({ message_id: id, result: 'updated', status: to });
        expect(after.status).toBe(to);
      } else if (from === to) {
        expect(result).toEqual({ message_id: id, result: 'unchanged', status: from });
        expect(after).toEqual(before);
      } else if (from === 'SENT' && to === 'FAILED') {
        expect(result).toEqual({ message_id: id, result: 'unchanged', status: from, recorded: 'undelivered' });
        expect(after).toMatchObject({ status: from, delivery: { outcome: 'undelivered' } });
      } else {
        expect(result).toEqual({ message_id: id, result: 'conflict', status: from, allowed: ALLOWED[from] });
        expect(after).toEqual(before);
      }
    });
  });

  it('stamps each end with its time, and every move with its place in the history', async () => {
    const [id] = await submit(shop);
    const [job] = await leaseJobs(phone);
    const times: Record<string, string> = {};
    for (const status of ['SENDING', 'SENT', 'DELIVERED']) {
      gateway.clock.advance(3);
      times[status] = now();
      await report(phone, id!, status);
    }
    const shown = await message(id!);
    expect(shown).toMatchObject({
      sent_at: times['SENT'],
      delivered_at: times['DELIVERED'],
      failed_at: null,
      updated_at: times['DELIVERED'],
      last_error: null,
    });
    const entry = { event: 'moved', actor: `agent:${phone.agentId}`, lease_id: job!.lease_id };
    expect(shown.history.slice(2)).toEqual([
      { ...entry, from: 'ASSIGNED', to: 'SENDING', at: times['SENDING'] },
      { ...entry, from: 'SENDING', to: 'SENT', at: times['SENT'] },
      { ...entry, from: 'SENT', to: 'DELIVERED', at: times['DELIVERED'] },
    ]);
  });

  it('of DELIVERED makes both moves at once from SENDING', async () => {
    const id = await messageIn('SENDING');
    gateway.clock.advance(3);
    await report(phone, id, 'DELIVERED');
    const shown = await message(id);
    expect(shown).toMatchObject({ status: 'DELIVERED', sent_at: now(), delivered_at: now() });
    expect(shown.history.slice(-2)).toMatchObject([
      { from: 'SENDING', to: 'SENT' },
      { from: 'SENT', to: 'DELIVERED' },
    ]);
  });

  it.each([
    [{ code: 'RESULT_ERROR_NO_SERVICE', message: 'There is no service.' }, 'RESULT_ERROR_NO_SERVICE'],
    [{ code: 4, message: 'No service' }, '4'],
    [{ message: 'Only words' }, 'Only words'],
    [{ code: null, message: 'No code' }, 'No code'],
    [null, 'FAILED'],
  ])('of FAILED keeps the error %j', async (error, lastError) => {
    const id = await messageIn('SENDING');
    gateway.clock.advance(3);
    await report(phone, id, 'FAILED', { error });
    const shown = await message(id);
    expect(shown).toMatchObject({ status: 'FAILED', last_error: lastError, failed_at: now(), sent_at: null });
    if (error?.message) expect(shown.history.at(-1)).toMatchObject({ to: 'FAILED', note: error.message });
  });

  it('is believed about its time when that can be true', async () => {
    const id = await messageIn('SENDING');
    gateway.clock.advance(600);
    const reallySent = new Date(gateway.clock.now().getTime() - 500_000).toISOString();
    await report(phone, id, 'SENT', { reported_at: reallySent });
    const shown = await message(id);
    expect(shown).toMatchObject({ sent_at: reallySent, updated_at: now() });
    expect(shown.history.at(-1)).toMatchObject({ at: now(), reported_at: reallySent });
  });

  it.each([['2126-11-20T23:59:59Z'], ['2039-01-01T00:00:00Z']])(
    'is not believed about %s, before acceptance or in the future',
    async (reported_at) => {
      const id = await messageIn('SENDING');
      await report(phone, id, 'SENT', { reported_at });
      expect((await message(id)).sent_at).toBe(now());
    },
  );

  it('is taken although something beside its status can’t be right, and says what', async () => {
    const [first, second, third] = [await messageIn('SENDING'), await messageIn('SENDING'), await messageIn('SENDING')];
    const { status, body } = await reportMany([
      { message_id: first, status: 'SENT', reported_at: 'yesterday' },
      { message_id: second, status: 'FAILED', error: { code: 'E', message: 7 }, reported_at: 17 },
      { message_id: third, status: 'SENT', lease_id: {}, error: 'none' },
    ]);
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { message_id: first, result: 'updated', status: 'SENT', ignored: ['reported_at'] },
      { message_id: second, result: 'updated', status: 'FAILED', ignored: ['error.message', 'reported_at'] },
      { message_id: third, result: 'updated', status: 'SENT', ignored: ['error', 'lease_id'] },
    ]);
    expect(await message(first)).toMatchObject({ sent_at: now() });
    expect(await message(second)).toMatchObject({ last_error: 'E' });
  });

  it('that can’t be read is answered as invalid with the reason, and keeps no other from being taken', async () => {
    const [id, asked] = [await messageIn('SENDING'), await messageIn('ASSIGNED')];
    const invalid = (message_id: string | null, reason: string) => ({
      message_id,
      result: 'invalid',
      status: null,
      reason,
    });
    const statuses = 'must be one of PENDING, ASSIGNED, SENDING, SENT, DELIVERED, FAILED, CANCELED';
    const { status, body } = await reportMany([
      { message_id: id, status: 'LOST' },
      { status: 'SENT' },
      { message_id: 7, status: 'SENT' },
      'x',
      null,
      { message_id: asked, status: 'SENDING', lease_id: 7 },
      { message_id: id, status: 'SENT', lease_id: 'lea_another' },
      { message_id: id, status: 'DELIVERED' },
    ]);
    expect(status).toBe(200);
    expect(body.updated).toBe(2);
    expect(body.results.slice(0, 6)).toEqual([
      invalid(id, `status: ${statuses}`),
      invalid(null, 'message_id: is required'),
      invalid(null, 'message_id: must be a string'),
      invalid(null, 'must be an object'),
      invalid(null, 'must be an object'),
      invalid(asked, 'lease_id: must be the lease that the message came with'),
    ]);
    expect(body.results.slice(6)).toMatchObject([{ result: 'updated' }, { result: 'updated', status: 'DELIVERED' }]);
    expect((await message(asked)).status).toBe('ASSIGNED');
    const alone = await reportMany([{ message_id: id, status: 'LOST' }]);
    expect(alone.body).toEqual({ updated: 0, results: [invalid(id, `status: ${statuses}`)] });
  });

  describe('of SENDING', () => {
    it('is granted to the present holder, and unchanged when it asks again', async () => {
      const { id, present } = await takenOver();
      const lease_id = present.lease_id;
      expect(await report(second, id, 'SENDING', { lease_id })).toMatchObject({ result: 'updated' });
      expect(await report(second, id, 'SENDING', { lease_id })).toMatchObject({ result: 'unchanged' });
      expect(await report(second, id, 'SENDING')).toMatchObject({ result: 'unchanged' });
    });

    it('is a conflict for a former holder, before and after the present one asks', async () => {
      const { id, old } = await takenOver();
      const before = await message(id);
      const refused = { result: 'conflict', status: 'ASSIGNED', allowed: ['SENDING', 'SENT', 'FAILED'] };
      expect(await report(phone, id, 'SENDING')).toMatchObject(refused);
      expect(await report(phone, id, 'SENDING', { lease_id: old.lease_id })).toMatchObject(refused);
      expect(await message(id)).toEqual(before);
      await report(second, id, 'SENDING');
      expect(await report(phone, id, 'SENDING')).toMatchObject({ result: 'conflict', status: 'SENDING' });
    });

    it('is a conflict once the lease has run out, until it is leased again', async () => {
      const [id] = await submit(shop);
      const [first] = await leaseJobs(phone);
      gateway.clock.advance(LEASE);
      expect(await report(phone, id!, 'SENDING')).toMatchObject({ result: 'conflict', status: 'ASSIGNED' });
      const [again] = await leaseJobs(phone);
      expect(await report(phone, id!, 'SENDING', { lease_id: first!.lease_id })).toMatchObject({ result: 'conflict' });
      expect(await report(phone, id!, 'SENDING', { lease_id: again!.lease_id })).toMatchObject({ result: 'updated' });
    });

    it('under another lease than the one it was granted for is a conflict', async () => {
      const [id] = await submit(shop);
      const [first] = await leaseJobs(phone);
      gateway.clock.advance(LEASE);
      const [again] = await leaseJobs(phone);
      await report(phone, id!, 'SENDING', { lease_id: again!.lease_id });
      expect(await report(phone, id!, 'SENDING', { lease_id: first!.lease_id })).toMatchObject({ result: 'conflict' });
    });

    it('straight from PENDING makes the assigned phone its holder', async () => {
      const id = await messageIn('PENDING');
      await report(phone, id, 'SENDING');
      expect(await message(id)).toMatchObject({ attempts: 1, lease: { holder: phone.agentId } });
      expect(await report(phone, id, 'SENDING')).toMatchObject({ result: 'unchanged' });
      expect(await leaseJobs(phone)).toEqual([]);
    });

    it('is granted to one of many that ask at once', async () => {
      const { id, present } = await takenOver();
      const asks = await Promise.all(
        [...Array(10).keys()].map((i) =>
          report(i % 2 ? second : phone, id, 'SENDING', i % 2 ? { lease_id: present.lease_id } : {}),
        ),
      );
      expect(asks.filter(({ result }) => result === 'updated')).toHaveLength(1);
      expect(asks.filter(({ result }) => result === 'conflict')).toHaveLength(5);
      expect((await message(id)).history.filter((entry: { to?: string }) => entry.to === 'SENDING')).toHaveLength(1);
    });
  });

  describe('of a former holder', () => {
    it.each(['SENT', 'DELIVERED'])('as %s is believed and ends the newer lease', async (status) => {
      const { id, old, present } = await takenOver();
      await report(phone, id, 'SENT', { lease_id: old.lease_id });
      if (status === 'DELIVERED') await report(phone, id, 'DELIVERED');
      const shown = await message(id);
      expect(shown).toMatchObject({ status, agent_id: second.agentId, lease: { ended_at: now() } });
      expect(shown.history.at(-1).actor).toBe(`agent:${phone.agentId}`);
      const refused = { result: 'conflict', status };
      expect(await report(second, id, 'SENDING', { lease_id: present.lease_id })).toMatchObject(refused);
      gateway.clock.advance(LEASE);
      expect(await leaseJobs(second)).toEqual([]);
    });

    it('as DELIVERED is believed while the newer one is sending', async () => {
      const { id } = await takenOver();
      await report(second, id, 'SENDING');
      expect(await report(phone, id, 'DELIVERED')).toMatchObject({ result: 'updated', status: 'DELIVERED' });
    });

    it('as FAILED is only noted', async () => {
      const { id, old, present } = await takenOver();
      const failed = { error: { code: 'NO_SERVICE', message: 'No service' }, lease_id: old.lease_id };
      expect(await report(phone, id, 'FAILED', failed)).toEqual({
        message_id: id,
        result: 'unchanged',
        status: 'ASSIGNED',
      });
      const shown = await message(id);
      expect(shown).toMatchObject({ status: 'ASSIGNED', last_error: null, failed_at: null });
      expect(shown.history.at(-1)).toMatchObject({
        event: 'noted',
        actor: `agent:${phone.agentId}`,
        note: expect.stringMatching(/FAILED.*NO_SERVICE/),
      });
      expect(await report(second, id, 'SENDING', { lease_id: present.lease_id })).toMatchObject({ result: 'updated' });
      expect(await report(phone, id, 'FAILED', failed)).toMatchObject({ result: 'unchanged', status: 'SENDING' });
    });

    it('as FAILED under a lease that it has had renewed is only noted, too', async () => {
      const [id] = await submit(shop);
      const [first] = await leaseJobs(phone);
      gateway.clock.advance(LEASE);
      await leaseJobs(phone);
      await report(phone, id!, 'FAILED', { lease_id: first!.lease_id });
      expect((await message(id!)).status).toBe('ASSIGNED');
    });
  });

  it('as FAILED or SENT is taken after the lease has run out, while nobody else is at it', async () => {
    for (const status of ['FAILED', 'SENT']) {
      const id = await messageIn('ASSIGNED');
      gateway.clock.advance(LEASE);
      expect(await report(phone, id, status)).toMatchObject({ result: 'updated', status });
      expect(await leaseJobs(phone)).toEqual([]);
    }
  });

  it('of a message that isn’t the phone’s, or isn’t there, says unknown and nothing else', async () => {
    const other = await openTenantShop(gateway, `other-${phone.deviceId}`);
    const id = await messageIn('ASSIGNED');
    const [unleased] = await submit(shop, 1, { route: 'group:nobody', allow_empty_route: true });
    for (const stranger of [second, other.phone]) {
      const strange = [id, unleased!, 'msg_does_not_exist', 'nonsense'];
      const { body } = await reportMany(
        strange.map((message_id) => ({ message_id, status: 'SENT' })),
        stranger,
      );
      const unknown = strange.map((message_id) => ({ message_id, result: 'unknown', status: null }));
      expect(body).toEqual({ updated: 0, results: unknown });
    }
    expect((await message(id)).status).toBe('ASSIGNED');
    expect((await message(unleased!)).status).toBe('PENDING');
  });

  it('of many messages answers in their order, and takes several of one message in theirs', async () => {
    const [a, b, c] = await submit(shop, 3);
    await leaseJobs(phone);
    const { status, body } = await reportMany([
      { message_id: a, status: 'SENDING' },
      { message_id: b, status: 'FAILED', error: { message: 'no' }, unknown_field: 1 },
      { message_id: 'msg_nothing', status: 'SENT' },
      { message_id: a, status: 'SENT' },
      { message_id: c, status: 'DELIVERED' },
      { message_id: b, status: 'FAILED' },
      { message_id: a, status: 'DELIVERED' },
      { message_id: a, status: 'SENT' },
    ]);
    expect(status).toBe(200);
    expect(body.updated).toBe(4);
    expect(body.results).toEqual([
      { message_id: a, result: 'updated', status: 'SENDING' },
      { message_id: b, result: 'updated', status: 'FAILED' },
      { message_id: 'msg_nothing', result: 'unknown', status: null },
      { message_id: a, result: 'updated', status: 'SENT' },
      { message_id: c, result: 'conflict', status: 'ASSIGNED', allowed: ['SENDING', 'SENT', 'FAILED'] },
      { message_id: b, result: 'unchanged', status: 'FAILED' },
      { message_id: a, result: 'updated', status: 'DELIVERED' },
      { message_id: a, result: 'conflict', status: 'DELIVERED', allowed: [] },
    ]);
  });

  it('takes one of many that tell the same at once', async () => {
    const id = await messageIn('SENDING');
    const told = await Promise.all(Array.from({ length: 10 }, () => report(phone, id, 'SENT')));
    expect(told.filter(({ result }) => result === 'updated')).toHaveLength(1);
    expect(told.filter(({ result }) => result === 'unchanged')).toHaveLength(9);
  });

  it('of nothing is refused', async () => {
    const empty = await reportMany([]);
    expect(empty.status).toBe(400);
    expect(empty.body.message).toContain('messages required');
    expect((await phone.api.post('/agent/messages/report', {})).status).toBe(400);
    expect((await reportMany(Array.from({ length: 1001 }, () => ({})))).status).toBe(400);
  });
});
