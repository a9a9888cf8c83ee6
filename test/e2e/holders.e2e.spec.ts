import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { Candidate } from '../../src/messages/candidate.js';
import { callStarted, moved, postponed } from '../../src/messages/changes.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { Dispatching, newTenant, NO_LIMIT } from '../support/dispatching.js';
import { TestGateway } from '../support/gateway.js';

/** What claims promise to any holder; the dispatchers of carriers have a spec of their own. */
describe('a holder that is no phone', () => {
  let gateway: TestGateway;
  let tenant: TenantId;
  let others: TenantId[];
  let carriers = 0;
  /** A carrier of its own for each test. */
  let dispatching: Dispatching;

  const later = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000);
  const by = (note?: string) => ({ actor: 'system', now: gateway.clock.now(), ...(note ? { note } : {}) });
  const ids = (messages: readonly Candidate[]) => messages.map(({ _id }) => _id);

  beforeAll(async () => {
    gateway = await TestGateway.start({ JWT_ACCESS_MINUTES: '100000' });
    tenant = await newTenant(gateway, 'first');
    others = [tenant, await newTenant(gateway, 'second'), await newTenant(gateway, 'third')];
  });
  beforeEach(() => {
    dispatching = new Dispatching(gateway, `acme-${++carriers}`);
  });
  afterAll(() => gateway.stop());

  it('leases by the same claim, and belongs to no agent', async () => {
    const id = await dispatching.add(tenant);
    const [claimed] = await dispatching.claim([tenant]);
    expect(claimed).toMatchObject({ _id: id, status: 'ASSIGNED', attempts: 1, rev: 2, text: expect.any(String) });
    expect(claimed!.lease).toMatchObject({ holder: `dispatcher:${dispatching.carrier}`, expires_at: later(60) });
    const stored = await dispatching.read(id);
    expect(stored).toMatchObject({ agent_id: null, lease: claimed!.lease, rev: 2 });
    expect(stored.lease).not.toHaveProperty('sim_slot');
    expect(await dispatching.claim([tenant])).toEqual([]);
  });

  it('says by which of its means each message goes, and gets that back for what another was faster with', async () => {
    const [first, second] = [await dispatching.add(tenant), await dispatching.add(tenant)];
    const refunded: unknown[] = [];
    let rounds = 0;
    const [got] = await dispatching.claim([tenant], {
      budget: {
        ...NO_LIMIT,
        async take(wanted, limit) {
          // Another holder is faster, once.
          if (++rounds === 1) await dispatching.claim([tenant], { limit: 1 });
          return wanted.slice(0, limit).map((candidate, i) => ({ candidate, via: { sim_slot: i } }));
        },
        refund: (unused) => Promise.resolve(void refunded.push(...unused)),
      },
    });
    expect(got).toMatchObject({ _id: second, lease: { sim_slot: 1 } });
    expect(refunded).toMatchObject([{ candidate: { _id: first }, via: { sim_slot: 0 } }]);
    expect((await dispatching.read(first)).attempts).toBe(1);
  });

  it('looks again when others were faster, for as many as are left to its limit, and answers in the order of all', async () => {
    const added: string[] = [];
    let urgent = '';
    for (let i = 0; i < 5; i++) added.push(await dispatching.add(tenant));
    let rounds = 0;
    const budget = {
      ...NO_LIMIT,
      async take(...[wanted, limit]: Parameters<typeof NO_LIMIT.take>) {
        if (++rounds === 1) {
          await dispatching.claim([tenant], { limit: 1 });
          urgent = await dispatching.add(tenant, { priority: 'HIGH' });
        }
        return NO_LIMIT.take(wanted, limit);
      },
    };
    expect(ids(await dispatching.claim([tenant], { limit: 3, budget }))).toEqual([urgent, added[1], added[2]]);
    expect((await dispatching.read(added[0]!)).attempts).toBe(1);
  });

  it('may have as many leases as its order says', async () => {
    const id = await dispatching.add(tenant);
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(await dispatching.claim([tenant])).toHaveLength(1);
      gateway.clock.advance(60);
    }
    expect(await dispatching.claim([tenant], { maxAttempts: 21 })).toMatchObject([{ attempts: 21 }]);
    gateway.clock.advance(60);
    await gateway.get(QueueWorker).run();
    expect(await dispatching.read(id)).toMatchObject({ status: 'FAILED', last_error: 'MAX_ATTEMPTS', attempts: 21 });
  });

  describe('postpones', () => {
    it('what it can’t send now, as no attempt', async () => {
      const id = await dispatching.add(tenant);
      const [claimed] = await dispatching.claim([tenant], { maxAttempts: 1 });
      expect(
        await dispatching.change(claimed!, postponed(claimed!, later(300), { ...by('busy'), counts: false })),
      ).toBe(true);
      gateway.clock.advance(299);
      await gateway.get(QueueWorker).run();
      expect(await dispatching.claim([tenant])).toEqual([]);
      expect(await dispatching.read(id)).toMatchObject({ status: 'ASSIGNED', attempts: 0 });
      gateway.clock.advance(1);
      expect(await dispatching.claim([tenant])).toMatchObject([{ _id: id, attempts: 1 }]);
      expect((await dispatching.read(id)).history.map(({ event }) => event)).toEqual(['leased', 'postponed', 'leased']);
    });

    it('an attempt that failed, until there is none left', async () => {
      const id = await dispatching.add(tenant);
      for (const attempts of [1, 2]) {
        const [claimed] = await dispatching.claim([tenant], { maxAttempts: 2 });
        expect(claimed).toMatchObject({ _id: id, attempts });
        await dispatching.change(claimed!, postponed(claimed!, later(30), { ...by(), counts: true }));
        gateway.clock.advance(30);
      }
      expect(await dispatching.claim([tenant], { maxAttempts: 2 })).toEqual([]);
      expect(await dispatching.read(id)).toMatchObject({ status: 'FAILED', last_error: 'MAX_ATTEMPTS', attempts: 2 });
    });

    it('nothing past its end', async () => {
      const id = await dispatching.add(tenant, { expires_at: later(100) });
      const [claimed] = await dispatching.claim([tenant]);
      await dispatching.change(claimed!, postponed(claimed!, later(3600), { ...by(), counts: false }));
      gateway.clock.advance(100);
      await gateway.get(QueueWorker).run();
      expect(await dispatching.read(id)).toMatchObject({ status: 'FAILED', last_error: 'EXPIRED' });
    });

    it('what can be canceled meanwhile', async () => {
      const id = await dispatching.add(tenant);
      const [claimed] = await dispatching.claim([tenant]);
      await dispatching.change(claimed!, postponed(claimed!, later(300), { ...by('busy'), counts: false }));
      const admin = (await gateway.admin()).as({ 'x-tenant': 'first' });
      const canceled = await admin.post(`/messages/${id}/cancel`);
      expect(canceled.body).toMatchObject({ status: 'CANCELED' });
      expect(canceled.body.history).toMatchObject([
        { event: 'accepted' },
        { event: 'leased' },
        { event: 'postponed', until: later(300).toISOString(), note: 'busy' },
        { event: 'moved', to: 'CANCELED' },
      ]);
    });
  });

  describe('that called a provider and never told', () => {
    async function calling(more: { expires_at?: Date } = {}): Promise<{ id: string; seen: MessageDoc }> {
      const id = await dispatching.add(tenant, more);
      const [claimed] = await dispatching.claim([tenant]);
      expect(await dispatching.change(claimed!, callStarted(claimed!, gateway.clock.now()))).toBe(true);
      return { id, seen: await dispatching.read(id) };
    }

    it.each([
      ['a claim', () => dispatching.claim([tenant]).then((claimed) => expect(claimed).toEqual([]))],
      ['the worker', () => gateway.get(QueueWorker).run()],
    ])('leaves a message that %s moves to SENDING, and that nobody claims again', async (_, look) => {
      const { id } = await calling();
      gateway.clock.advance(59);
      await look();
      expect((await dispatching.read(id)).status).toBe('ASSIGNED');
      gateway.clock.advance(1);
      await look();
      expect(await dispatching.read(id)).toMatchObject({ status: 'SENDING', attempts: 1 });
      gateway.clock.advance(3600);
      expect(await dispatching.claim([tenant])).toEqual([]);
    });

    it('leaves one that can’t be canceled, also before anybody looked', async () => {
      const { id } = await calling();
      gateway.clock.advance(60);
      const admin = (await gateway.admin()).as({ 'x-tenant': 'first' });
      expect(await admin.post(`/messages/${id}/cancel`)).toMatchObject({
        status: 409,
        body: { code: 'not_cancelable' },
      });
    });

    it('may still tell ten minutes after the message’s end', async () => {
      const [untold, told] = [await calling({ expires_at: later(30) }), await calling({ expires_at: later(30) })];
      gateway.clock.advance(30);
      await gateway.get(QueueWorker).run();
      for (const { id } of [untold, told]) expect((await dispatching.read(id)).status).toBe('SENDING');
      const seen = await dispatching.read(told.id);
      expect(await dispatching.change(seen, moved(seen, { to: ['SENT'], ...by() }))).toBe(true);
      gateway.clock.advance(599);
      await gateway.get(QueueWorker).run();
      expect((await dispatching.read(untold.id)).status).toBe('SENDING');
      gateway.clock.advance(1);
      await gateway.get(QueueWorker).run();
      expect(await dispatching.read(untold.id)).toMatchObject({ status: 'FAILED', last_error: 'UNCONFIRMED' });
      expect((await dispatching.read(told.id)).status).toBe('SENT');
    });

    it('has told when the provider refused: then it waits and is claimed again', async () => {
      const { id, seen } = await calling();
      await dispatching.change(seen, postponed(seen, later(5), { ...by('429'), counts: false }));
      gateway.clock.advance(60);
      const [again] = await dispatching.claim([tenant]);
      expect(again).toMatchObject({ _id: id, attempts: 1 });
      expect(again!.lease).not.toHaveProperty('call_started_at');
    });
  });

  describe('of several tenants', () => {
    it('takes turns between them, whatever each has waiting', async () => {
      const mine = [];
      for (let i = 0; i < 20; i++) mine.push(await dispatching.add(others[0]!, { priority: 'HIGH' }));
      const theirs = [await dispatching.add(others[1]!), await dispatching.add(others[2]!)];
      const claimed = ids(await dispatching.claim(others, { limit: 4 }));
      expect(claimed.toSorted()).toEqual([mine[0], mine[1], ...theirs].toSorted());
      expect(ids(await dispatching.claim(others, { limit: 4 }))).toEqual(mine.slice(2, 6));
    });

    it('begins with another each time, so that even one at a time serves all', async () => {
      for (const each of others) for (let i = 0; i < 3; i++) await dispatching.add(each);
      const served = [];
      for (let i = 0; i < 3; i++) served.push((await dispatching.claim(others, { limit: 1 }))[0]!.tenant_id);
      expect(served.toSorted()).toEqual(others.toSorted());
    });
  });

  it('finds a message by what the carrier calls it: no two of a tenant have the same name', async () => {
    const messages = gateway.store.collection<MessageDoc>('sms_messages');
    const carrier = { name: 'acme', account: 'AC1', ref: `SM${carriers}` };
    const [first, second, foreign] = [
      await dispatching.add(tenant),
      await dispatching.add(tenant),
      await dispatching.add(others[1]!),
    ];
    const name = (_id: string, as = carrier) => messages.updateOne({ _id }, { $set: { carrier: as } });
    await name(first);
    await expect(name(second)).rejects.toMatchObject({ name: 'DuplicateKeyError' });
    await name(second, { ...carrier, account: 'AC2' });
    await name(foreign);
    const where = { tenant_id: tenant, 'carrier.name': 'acme', 'carrier.account': 'AC1', 'carrier.ref': carrier.ref };
    expect(ids(await messages.find(where))).toEqual([first]);
  });

  it('sends by another channel what has no number, segments or encoding', async () => {
    const id = await dispatching.add(tenant, { channel: 'email', to: 'anna@example.com' });
    expect(await dispatching.claim([tenant])).toMatchObject([{ channel: 'email', to: 'anna@example.com' }]);
    const admin = (await gateway.admin()).as({ 'x-tenant': 'first' });
    const { body } = await admin.get(`/messages/${id}`);
    expect(body).toMatchObject({ channel: 'email', to: 'anna@example.com', status: 'ASSIGNED' });
    for (const field of ['segments', 'encoding']) expect(body).not.toHaveProperty(field);
    const csv = await admin.get(
      `/reports/export.csv?columns=to,segments,encoding,status&from=${later(0).toISOString().slice(0, 10)}`,
    );
    expect(String(csv.body)).toContain('anna@example.com,,,ASSIGNED');
  });
});
