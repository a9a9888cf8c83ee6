import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreFailure } from '../../src/common/store-failure.js';
import type { Update } from '../../src/database/query.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import type { ImportDoc } from '../../src/imports/import.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { ParkedRepository } from '../../src/parking/parked.repository.js';
import { QueueRepository } from '../../src/messages/queue.repository.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { RowByRow } from '../../src/messages/row-by-row.js';
import { DailyCountsRepository, type DailyCountDoc } from '../../src/counters/daily-counts.repository.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import type { RequestDoc } from '../../src/requests/request.js';
import { byHand } from '../support/by-hand.js';
import { csvOf, importCsv, toShop } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must } from '../support/people.js';
import { readMetrics } from '../support/read-metrics.js';
import { accept, isoIn, messagesOf, messagesTo, requestOf, sendOne, statusOf } from '../support/sending.js';
import { lease, openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const HOUR = 3600;

/** Rows that no gateway of ours writes: a mistake of a version to come, or somebody's hand in the database. */
describe('one row that is not as it should be', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let other: Shop;
  let code = 0;

  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
    other = await openTenantShop(gateway, 'other');
    for (const worker of [QueueWorker, RecoveryWorker, ImportWorker]) await byHand(gateway.get(worker as never));
  });
  afterEach(() => gateway.stop());

  const messages = () => gateway.store.collection<MessageDoc>('sms_messages');
  const requests = () => gateway.store.collection<RequestDoc>('sms_requests');
  const send = async (to: Shop, extra: Record<string, unknown> = {}): Promise<string> => {
    gateway.clock.advance(0.001);
    return (await sendOne(to, `p${++code}`, extra)).message_id;
  };
  const damage = (_id: string, update: Update) => messages().updateOne({ _id }, update);
  const parked = async (by = shop.admin, query = '') => must(200, await by.get(`/admin/parked${query}`)).items;
  const retry = (id: string, by = shop.admin) => by.post(`/admin/parked/${id}/retry`);
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const runQueues = () => gateway.get(QueueWorker).run();

  describe('among the messages', () => {
    it('holds up nobody else’s expiry', async () => {
      const bad = await send(shop, { ttl_seconds: HOUR - 10 });
      const good = [await send(shop, { ttl_seconds: HOUR }), await send(other, { ttl_seconds: HOUR })];
      await damage(bad, { $set: { status: 'DELIVERED' } });
      gateway.clock.advance(HOUR);
      await runQueues();
      expect(await statusOf(shop.client, good[0]!)).toBe('FAILED');
      expect(await statusOf(other.client, good[1]!)).toBe('FAILED');
      expect(await parked()).toEqual([
        {
          id: bad,
          kind: 'message',
          tenant: 'default',
          since: isoIn(gateway, 0),
          reason: expect.stringMatching(/moves/),
        },
      ]);
      expect(await statusOf(shop.client, bad)).toBe('DELIVERED');
    });

    it('holds up nothing else that has become due', async () => {
      const bad = await send(shop, { schedule_at: isoIn(gateway, 50) });
      const good = await send(shop, { schedule_at: isoIn(gateway, 60) });
      await damage(bad, { $set: { status: 'SENT' } });
      gateway.clock.advance(60);
      await runQueues();
      expect(idsOf(await parked())).toEqual([bad]);
      expect((await lease(shop.phone)).map(({ message_id }) => message_id)).toEqual([good]);
    });

    it('holds up no claim, whether it has become due or stands at the head', async () => {
      const [due, head] = [await send(shop, { schedule_at: isoIn(gateway, 50) }), await send(shop)];
      const good = await send(shop);
      for (const id of [due, head]) await damage(id, { $set: { status: 'SENT' } });
      gateway.clock.advance(60);
      expect((await lease(shop.phone)).map(({ message_id }) => message_id)).toEqual([good]);
      expect(idsOf(await parked()).toSorted()).toEqual([due, head].toSorted());
    });

    it('holds up no claim when its time is over', async () => {
      const [bad, late] = [await send(shop, { ttl_seconds: 10 }), await send(shop, { ttl_seconds: 10 })];
      const good = await send(shop);
      await damage(bad, { $set: { status: 'SENT' }, $unset: { fails_at: '' } });
      gateway.clock.advance(10);
      expect((await lease(shop.phone)).map(({ message_id }) => message_id)).toEqual([good]);
      expect(await statusOf(shop.client, late)).toBe('FAILED');
      expect(idsOf(await parked())).toEqual([bad]);
    });

    it('keeps no phone’s work from being given to another', async () => {
      const [bad, good] = [await send(shop), await send(shop)];
      await damage(bad, { $set: { status: 'SENT' } });
      const target = await registerPhone(gateway);
      const route = `agent:${target.agentId}`;
      const answer = await shop.admin.post(`/admin/agents/${shop.phone.agentId}/reassign`, { route });
      expect(answer.body).toMatchObject({ reassigned: 1 });
      expect((await lease(target)).map(({ message_id }) => message_id)).toEqual([good]);
      expect(idsOf(await parked())).toEqual([bad]);
    });

    it('that can’t be written keeps none of its batch from it', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.push(await send(shop, { ttl_seconds: HOUR }));
      await damage(ids[2]!, { $set: { history: 'gone' } });
      gateway.clock.advance(1);
      expect(await lease(shop.phone)).toHaveLength(4);
      expect(idsOf(await parked())).toEqual([ids[2]]);
      must(200, await retry(ids[2]!));
      gateway.clock.advance(HOUR);
      await runQueues();
      for (const id of ids.toSpliced(2, 1)) expect(await statusOf(shop.client, id)).toBe('FAILED');
      expect(idsOf(await parked())).toEqual([ids[2]]);
    });

    it('goes on where it was once it was mended and let go', async () => {
      const bad = await send(shop);
      const before = await messages().findOne({ _id: bad });
      await damage(bad, { $set: { history: 'gone' } });
      expect(await lease(shop.phone)).toEqual([]);
      await damage(bad, { $set: { history: [] } });
      expect(await lease(shop.phone)).toEqual([]);
      must(200, await retry(bad));
      const { rev, ...after } = (await messages().findOne({ _id: bad }))!;
      expect({ ...after, rev: before!.rev }).toEqual(before);
      expect(rev).toBeGreaterThan(before!.rev);
      expect(await parked()).toEqual([]);
      expect((await lease(shop.phone)).map(({ message_id }) => message_id)).toEqual([bad]);
    });

    it('that was changed while it was parked is left as it is', async () => {
      const bad = await send(shop);
      await damage(bad, { $set: { history: 'gone' } });
      await lease(shop.phone);
      await damage(bad, { $set: { history: [] } });
      must(200, await shop.client.post(`/messages/${bad}/cancel`));
      const before = await messages().findOne({ _id: bad });
      must(200, await retry(bad));
      expect(await messages().findOne({ _id: bad })).toEqual(before);
      expect(await parked()).toEqual([]);
    });

    it('is not parked for what it was before somebody else changed it', async () => {
      const id = await send(shop);
      const seen = (await messages().findOne({ _id: id }))!;
      await lease(shop.phone);
      const failing = () => {
        throw new Error('it is not as it should be');
      };
      expect(await gateway.get(RowByRow).change([seen], failing)).toEqual([false]);
      expect(await parked()).toEqual([]);
      expect(await messages().findOne({ _id: id })).toMatchObject({ due_at: expect.any(Date) });
    });

    it('stays in sight when somebody changes it while it is being parked', async () => {
      const id = await send(shop);
      await damage(id, { $set: { history: 'gone' } });
      const repository = gateway.get(ParkedRepository);
      const put = repository.put.bind(repository);
      jest.spyOn(repository, 'put').mockImplementationOnce(async (row) => {
        await put(row);
        await damage(id, { $set: { history: [] }, $inc: { rev: 1 } });
      });
      expect((await lease(shop.phone)).map(({ message_id }) => message_id)).toEqual([id]);
    });

    it('is told apart from a store that fails, which stops the turn and parks nothing', async () => {
      const ids = [await send(shop, { ttl_seconds: HOUR }), await send(shop, { ttl_seconds: HOUR })];
      gateway.clock.advance(HOUR);
      const before = await readMetrics(gateway.api);
      const away = new StoreFailure('unavailable', new Error('away'));
      const writing = jest.spyOn(gateway.get(QueueRepository), 'changeEach').mockRejectedValue(away);
      await runQueues();
      writing.mockRestore();
      const failed = { worker: 'queues' };
      const after = await readMetrics(gateway.api);
      const turns = (metrics: typeof after) => metrics.sum('trunkline_worker_failures_total', failed);
      expect(turns(after) - turns(before)).toBe(1);
      expect(await parked()).toEqual([]);
      await runQueues();
      for (const id of ids) expect(await statusOf(shop.client, id)).toBe('FAILED');
    });
  });

  describe('among the requests', () => {
    /** Committed, and its gateway died; what its template's variable was, nobody knows any more. */
    async function committed(by: Shop, extra: Partial<RequestDoc> = {}): Promise<string> {
      gateway.clock.advance(0.001);
      const { request_id } = await accept(by.client, requestOf(by, messagesTo(1, `r${++code}`)));
      const [message] = await messagesOf(by.client, request_id);
      await messages().deleteOne({ _id: message.message_id });
      const recipients = [{ to: message.to, priority: 'NORMAL' as const, variables: { CODE: '1' } }];
      const set = { expanded: false, recipients, content: 'Ma OTP {CODE}', ...extra };
      await requests().updateOne({ _id: request_id }, { $set: set });
      return request_id;
    }

    it('keeps the gateway from nothing, and no other from being finished', async () => {
      const bad = await committed(shop, { content: 'Ma OTP {GONE}' });
      const good = [await committed(shop), await committed(other)];
      await gateway.restart();
      shop = { ...shop, admin: await gateway.admin() };
      for (const _id of good) {
        expect(await requests().findOne({ _id })).toMatchObject({ expanded: true });
        expect(await messages().count({ request_id: _id })).toBe(1);
      }
      expect(await parked()).toMatchObject([
        { id: bad, kind: 'request', tenant: 'default', reason: expect.stringContaining('GONE') },
      ]);
      // And is left alone, until somebody has seen to it.
      await requests().updateOne({ _id: bad }, { $set: { content: 'Ma OTP {CODE}' } });
      await gateway.get(RecoveryWorker).run();
      expect(await messages().count({ request_id: bad })).toBe(0);
      must(200, await retry(bad));
      await gateway.get(RecoveryWorker).run();
      expect(await messages().count({ request_id: bad })).toBe(1);
      expect(await requests().findOne({ _id: bad })).toMatchObject({ expanded: true });
      expect(await parked()).toEqual([]);
    });

    it('is passed over by the hundreds', async () => {
      for (let i = 0; i < 12; i++) await committed(shop, { content: 'Ma OTP {GONE}' });
      const good = await committed(shop);
      await gateway.get(RecoveryWorker).run();
      expect(await requests().findOne({ _id: good })).toMatchObject({ expanded: true });
      expect(await parked()).toHaveLength(12);
    });

    it('is parked again when it can’t be expanded yet', async () => {
      const bad = await committed(shop, { content: 'Ma OTP {GONE}' });
      await gateway.get(RecoveryWorker).run();
      const [first] = await parked();
      gateway.clock.advance(HOUR);
      must(200, await retry(bad));
      await gateway.get(RecoveryWorker).run();
      expect(await parked()).toEqual([{ ...first, since: isoIn(gateway, 0) }]);
    });

    it('keeps no share of a day from being given back', async () => {
      const counters = gateway.store.collection<DailyCountDoc>('counters');
      const at = gateway.clock.now();
      const [broken, whole] = ['key_broken', 'key_whole'].map((key) => ({
        _id: `limit:${key}:${at.toISOString().slice(0, 10)}`,
        tenant_id: '' as DailyCountDoc['tenant_id'],
        kind: 'limit' as const,
        day: at.toISOString().slice(0, 10),
        used: 2,
        holds: { req_a: { n: 1, at }, req_b: { n: 1, at } },
        purge_at: new Date(at.getTime() + 8 * 86_400_000),
      }));
      const { tenant_id } = (await messages().findOne({ _id: await send(shop) }))!;
      const holds = { ...broken!.holds, req_a: null as never };
      await counters.insertMany([
        { ...broken!, tenant_id, holds },
        { ...whole!, tenant_id },
      ]);
      gateway.clock.advance(120);
      await gateway.get(RecoveryWorker).run();
      expect(await counters.findOne({ _id: broken!._id })).toMatchObject({ used: 1, holds: { req_a: null } });
      expect(await counters.findOne({ _id: whole!._id })).toMatchObject({ used: 0, holds: {} });

      // A store that fails is no share's fault: the turn is over.
      await counters.updateOne({ _id: whole!._id }, { $set: { used: 2, holds: whole!.holds } });
      const settle = jest.spyOn(gateway.get(DailyCountsRepository), 'settle');
      settle.mockRejectedValueOnce(new StoreFailure('unavailable', new Error('away')));
      await gateway.get(RecoveryWorker).run();
      expect(await counters.findOne({ _id: whole!._id })).toMatchObject({ used: 2 });
      await gateway.get(RecoveryWorker).run();
      expect(await counters.findOne({ _id: whole!._id })).toMatchObject({ used: 0 });
    });
  });

  it('among the imports keeps no other from being sent, and goes on when it is let go', async () => {
    const imports = gateway.store.collection<ImportDoc>('imports');
    const start = async (by: Shop) => must(202, await importCsv(by.client, csvOf(2), toShop(by))).import_id as string;
    const { worker } = gateway.get(ImportWorker) as unknown as { worker: { wake(): void } };
    worker.wake = () => undefined;
    const bad = await start(shop);
    gateway.clock.advance(1);
    const good = await start(other);
    const { submitter } = (await imports.findOne({ _id: bad }))!;
    await imports.updateOne({ _id: bad }, { $set: { submitter: null } });
    await gateway.get(ImportWorker).run();
    expect(await parked()).toEqual([]);
    for (let tries = 1; tries < 5; tries++) {
      gateway.clock.advance(1);
      await gateway.get(ImportWorker).run();
    }
    const shown = async (by: Shop, id: string) => must(200, await by.client.get(`/requests/import/${id}`));
    expect(await shown(other, good)).toMatchObject({ status: 'done', total_created: 2 });
    expect(await parked()).toMatchObject([{ id: bad, kind: 'import', tenant: 'default' }]);
    await imports.updateOne({ _id: bad }, { $set: { submitter } });
    must(200, await retry(bad));
    await gateway.get(ImportWorker).run();
    expect(await shown(shop, bad)).toMatchObject({ status: 'done', total_created: 2 });
    expect(await parked()).toEqual([]);
  });

  it('is shown to the administrator of its tenant, and all of them to the platform’s', async () => {
    const bad = [await send(shop), await send(other)];
    for (const id of bad) await damage(id, { $set: { status: 'SENT' } });
    for (const { phone } of [shop, other]) await lease(phone);
    const { api: admin } = await addPerson(gateway, other.admin, 'admin');
    expect(await parked(admin)).toMatchObject([{ id: bad[1], tenant: 'other' }]);
    expectError(await admin.get('/admin/parked?all_tenants=true'), 403, 'forbidden');
    expectError(await retry(bad[0]!, admin), 404, 'parked_not_found');
    const { api: operator } = await addPerson(gateway, other.admin, 'operator');
    expectError(await operator.get('/admin/parked'), 403, 'forbidden');

    expect(idsOf(await parked())).toEqual([bad[0]]);
    expect(idsOf(await parked(shop.admin, '?all_tenants=true'))).toEqual(bad.toReversed());
    const page = must(200, await shop.admin.get('/admin/parked?all_tenants=true&limit=1'));
    expect(idsOf(await parked(shop.admin, `?all_tenants=true&cursor=${page.next}`))).toEqual([bad[0]]);
    expect((await readMetrics(gateway.api)).sum('trunkline_parked', { kind: 'message' })).toBe(2);

    must(200, await retry(bad[1]!, admin));
    expectError(await retry(bad[1]!, admin), 404, 'parked_not_found');
    const { items } = must(200, await admin.get('/admin/audit-logs?action=RETRY_PARKED'));
    expect(items).toMatchObject([{ data: { kind: 'message', id: bad[1] } }]);
  });
});
