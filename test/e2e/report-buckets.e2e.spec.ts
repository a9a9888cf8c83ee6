import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MessagesRepository } from '../../src/messages/messages.repository.js';
import { bucketId } from '../../src/domain/count-bucket.js';
import { MinuteMarksRepository, type MinuteMark } from '../../src/messages/counting/minute-marks.repository.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { BucketsRepository, type BucketDoc } from '../../src/messages/counting/buckets.repository.js';
import { CountedMessagesRepository } from '../../src/messages/counting/counted-messages.repository.js';
import { RebuildCommand } from '../../src/reports/rebuild-command.js';
import { Rebuild, type Difference } from '../../src/reports/rebuild.js';
import { Recount } from '../../src/messages/counting/recount.js';
import { RecountWorker } from '../../src/messages/counting/recount.worker.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, messagesTo, requestOf, statusOf } from '../support/sending.js';
import { lease, openShop, report, type Shop } from '../support/shop.js';
import { expectTrueReports } from '../support/true-reports.js';

describe('the buckets of the reports', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeEach(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000', JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const marks = () => gateway.store.collection<MinuteMark>('report_marks').find({});
  const buckets = (level: 'minutes' | 'hours') => gateway.store.collection<BucketDoc>(`report_${level}`);
  const messages = () => gateway.store.collection<MessageDoc>('sms_messages');
  const work = () => gateway.get(RecountWorker).run();
  const send = async (count: number): Promise<string> =>
    (await accept(shop.client, requestOf(shop, messagesTo(count, `b${++code}`)))).request_id;
  const summary = async () => must(200, await shop.admin.get('/reports/summary'));
  const settle = async () => {
    gateway.clock.advance(15);
    await work();
  };

  it('are made by the worker once the marks are settled, and the marks go', async () => {
    await send(3);
    gateway.clock.advance(3600);
    await send(2);
    expect(await marks()).toHaveLength(2);
    await settle();
    expect(await marks()).toEqual([]);
    const hours = await buckets('hours').find({}, { sort: { _id: 1 } });
    expect(hours.map(({ cells }) => cells[0]!.counts)).toEqual([{ PENDING: 3 }, { PENDING: 2 }]);
    await expectTrueReports(gateway);
  });

  it('keep a mark that is younger than what another write may still rely on', async () => {
    await send(1);
    gateway.clock.advance(14.999);
    await work();
    await summary();
    expect(await marks()).toHaveLength(1);
    gateway.clock.advance(0.001);
    await summary();
    expect(await marks()).toEqual([]);
  });

  it('cost one mark for all the writes of ten seconds', async () => {
    const mark = jest.spyOn(gateway.get(MinuteMarksRepository), 'mark');
    await send(20);
    const jobs = await lease(shop.phone);
    for (const { message_id } of jobs) await report(shop.phone, message_id, 'SENT');
    expect(mark).toHaveBeenCalledTimes(1);
    gateway.clock.advance(9.999);
    for (const { message_id } of jobs) await report(shop.phone, message_id, 'DELIVERED');
    expect(mark).toHaveBeenCalledTimes(1);
    gateway.clock.advance(0.001);
    await send(1);
    expect(mark).toHaveBeenCalledTimes(2);
  });

  it('are marked anew when a write hung so long that its mark may be gone', async () => {
    const id = (await messagesOf(shop.client, await send(1)))[0].message_id;
    const mark = jest.spyOn(gateway.get(MinuteMarksRepository), 'mark');
    const seen = (await messages().findOne({ _id: id }))!;
    const inner = gateway.get(MessagesRepository) as unknown as {
      messages: { findOneAndUpdate: (...given: unknown[]) => Promise<unknown> };
    };
    const write = inner.messages.findOneAndUpdate.bind(inner.messages);
    jest.spyOn(inner.messages, 'findOneAndUpdate').mockImplementation(async (...given) => {
      gateway.clock.advance(30);
      await work();
      expect(await marks()).toEqual([]);
      return write(...given);
    });
    await gateway.get(MessagesRepository).change(seen, { $set: { status: 'CANCELED' }, $inc: { rev: 1 } });
    expect(mark).toHaveBeenCalledTimes(1);
    expect(await summary()).toMatchObject([{ total: 1, canceled: 1 }]);
  });

  it('are marked anew when it took so long to learn of the mark that it may be gone', async () => {
    const id = (await messagesOf(shop.client, await send(1)))[0].message_id;
    gateway.clock.advance(60);
    const repository = gateway.get(MinuteMarksRepository);
    const write = repository.mark.bind(repository);
    const mark = jest.spyOn(repository, 'mark').mockImplementationOnce(async (...given) => {
      await write(...given);
      gateway.clock.advance(16);
      await work();
      expect(await marks()).toEqual([]);
    });
    expect((await shop.client.post(`/messages/${id}/cancel`)).status).toBe(200);
    expect(mark).toHaveBeenCalledTimes(2);
    await settle();
    expect(await summary()).toMatchObject([{ total: 1, canceled: 1 }]);
  });

  it('are marked before anything is written: without the mark nothing is', async () => {
    const [message] = await messagesOf(shop.client, await send(1));
    gateway.clock.advance(60);
    jest.spyOn(gateway.get(MinuteMarksRepository), 'mark').mockRejectedValue(new Error('the disk is full'));
    expect((await shop.client.post(`/messages/${message.message_id}/cancel`)).status).toBe(500);
    expect((await shop.client.post('/requests', requestOf(shop, messagesTo(1, 'new')))).status).toBe(500);
    expect(await messages().count({})).toBe(1);
    jest.restoreAllMocks();
    expect(await statusOf(shop.client, message.message_id)).toBe('PENDING');
    expect((await shop.client.post(`/messages/${message.message_id}/cancel`)).status).toBe(200);
    expect(await summary()).toMatchObject([{ canceled: 1 }]);
  });

  it('are right after a gateway that died between a mark and its write, or before it counted', async () => {
    const requestId = await send(3);
    await settle();
    const [first] = await messagesOf(shop.client, requestId);
    const { _id, tenant_id } = (await messages().findOne({ _id: first.message_id }))!;
    const at = new Date(gateway.clock.now().getTime() - 15_000);
    for (const isWritten of [false, true]) {
      await gateway.get(MinuteMarksRepository).mark([{ tenant: tenant_id, at }], gateway.clock.now());
      if (isWritten) await messages().updateOne({ _id }, { $set: { status: 'FAILED' }, $inc: { rev: 1 } });
      await gateway.restart();
      shop = { ...shop, admin: await gateway.admin() };
      await settle();
      expect(await marks()).toEqual([]);
      await expectTrueReports(gateway);
      expect(await summary()).toMatchObject([{ total: 3, failed: isWritten ? 1 : 0 }]);
    }
  });

  it('are right after a gateway that died between the minute and its hour', async () => {
    await send(3);
    jest.spyOn(gateway.get(Recount), 'hour').mockRejectedValueOnce(new Error('the lights went out'));
    await settle();
    expect(await buckets('minutes').count({})).toBe(1);
    expect(await buckets('hours').count({})).toBe(0);
    expect(await marks()).toHaveLength(1);
    await work();
    expect(await marks()).toEqual([]);
    await expectTrueReports(gateway);
  });

  it('never take an older count for a newer one', async () => {
    await send(2);
    await settle();
    await send(1);
    const rows = gateway.get(CountedMessagesRepository);
    const within = rows.within.bind(rows);
    let first = true;
    jest.spyOn(rows, 'within').mockImplementation(async function* (...given) {
      const slow = first;
      first = false;
      yield* within(...given);
      if (!slow) return;
      // Somebody counts the same minute meanwhile, after a message more was accepted and worked off.
      await send(1);
      await settle();
    });
    await summary();
    expect(await marks()).toEqual([]);
    expect(await summary()).toMatchObject([{ total: 4 }]);
    await expectTrueReports(gateway);
  });

  it('make a summary of many messages as cheap as one of few', async () => {
    const calls = async () => {
      const rows = jest.spyOn(gateway.get(CountedMessagesRepository), 'within');
      const read = jest.spyOn(gateway.get(BucketsRepository), 'within');
      const body = await summary();
      const levels = read.mock.calls.map(([, level]) => level);
      const hours = (await Promise.all(read.mock.results.map(({ value }) => value as Promise<BucketDoc[]>))).flat();
      const cost = { rows: rows.mock.calls.length, levels, hours: hours.length, cells: hours[0]!.cells.length };
      jest.restoreAllMocks();
      return { cost, total: body[0].total };
    };
    await send(1);
    await settle();
    const few = await calls();
    expect(few).toEqual({ cost: { rows: 0, levels: ['hour'], hours: 1, cells: 1 }, total: 1 });
    await send(1900);
    await settle();
    expect(await calls()).toEqual({ cost: few.cost, total: 1901 });
  });

  it('are shown and set right by a rebuild when they are wrong without a mark', async () => {
    await send(3);
    gateway.clock.advance(3600);
    await send(2);
    await settle();
    const [hour] = await buckets('hours').find({}, { sort: { _id: 1 } });
    const [minute] = await buckets('minutes').find({}, { sort: { _id: -1 } });
    await buckets('hours').updateOne({ _id: hour!._id }, { $set: { cells: [] } });
    await buckets('minutes').deleteOne({ _id: minute!._id });
    const ghost = new Date('2126-01-01T00:05:00Z');
    const id = bucketId(hour!.tenant_id, ghost);
    await buckets('minutes').insertOne({ ...minute!, _id: id, at: ghost });
    const rebuild = async (options: { check?: boolean; from?: Date; to?: Date }) => {
      const found: Difference[] = [];
      const rebuilt = await gateway.get(Rebuild).rebuild(options, (difference) => found.push(difference));
      return { rebuilt, found: found.map(({ level, stored, rows }) => [level, stored, rows]) };
    };
    const wrong = [
      ['minute', 2, 0],
      ['hour', 0, 3],
      ['minute', 0, 2],
    ];
    for (const check of [true, false]) {
      const { rebuilt, found } = await rebuild({ check });
      expect(rebuilt).toEqual({ messages: 5, hours: 3, frozen: 0, differences: 3 });
      expect(found).toEqual(wrong);
    }
    expect((await rebuild({})).found).toEqual([]);
    expect((await summary()).map(({ total }: { total: number }) => total)).toEqual([5]);
    await buckets('hours').updateOne({ _id: hour!._id }, { $set: { cells: [] } });
    expect((await rebuild({ check: true, from: new Date(hour!.at.getTime() + 3_600_000) })).found).toEqual([]);
    expect((await rebuild({ check: true, to: hour!.at })).found).toEqual([]);
    expect((await rebuild({ check: true, from: hour!.at })).found).toEqual([['hour', 0, 3]]);
  });

  it('are told of in words by the command', async () => {
    await send(2);
    await settle();
    await buckets('hours').deleteMany({});
    const said: string[] = [];
    const run = (...args: string[]) => gateway.get(RebuildCommand).run(args, (line) => said.push(line));
    await expect(run('--check', '--from', '2126-01-01')).rejects.toThrow('2 messages in 1 hours. 1 buckets differed.');
    await run('--check', '--to', '2020-01-01');
    await run();
    await run('--check');
    const difference = expect.stringContaining('the hour of 2126-11-21T10:00Z had 0 messages; the recount has 2');
    expect(said).toEqual([
      difference,
      '0 messages in 0 hours. The reports match the messages.',
      difference,
      '2 messages in 1 hours. 1 buckets differed and are set right.',
      '2 messages in 1 hours. The reports match the messages.',
    ]);
    await expect(run('--from', 'yesterday')).rejects.toThrow('--from must be');
    await expect(run('--everything')).rejects.toThrow('--everything');
  });

  it('are made also for messages that are older than the reports', async () => {
    await send(2);
    gateway.clock.advance(3600);
    await send(3);
    await settle();
    for (const name of ['report_minutes', 'report_hours', 'report_marks'])
      await gateway.store.collection(name).deleteMany({});
    await gateway.store.collection('app_config').updateOne({ _id: 'schema' }, { $set: { version: 2 } as never });
    await gateway.restart();
    shop = { ...shop, admin: await gateway.admin() };
    expect(await marks()).toHaveLength(2);
    expect(await summary()).toMatchObject([{ total: 5 }]);
    await expectTrueReports(gateway);
  });

  it('take what a rebuild finds marked for work and not for a mistake', async () => {
    await send(3);
    await expectTrueReports(gateway);
    expect(await summary()).toMatchObject([{ total: 3 }]);
  });
});
