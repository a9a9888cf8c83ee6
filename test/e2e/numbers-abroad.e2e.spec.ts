import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { asTenantId, type TenantId } from '../../src/common/tenant-id.js';
import type { DailyCountDoc } from '../../src/counters/daily-counts.repository.js';
import { ImportWorker } from '../../src/imports/import.worker.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import { DestinationAlarmWorker } from '../../src/sending-rules/destination-alarm.worker.js';
import { DestinationAlarms } from '../../src/sending-rules/destination-alarms.js';
import { DestinationCounting } from '../../src/sending-rules/destination-counting.js';
import { importCsv, toShop, worked } from '../support/csv.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { readMetrics } from '../support/read-metrics.js';
import { accept, fieldsOf, messagesTo, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

const DAY = 86_400;

describe('texts to numbers abroad', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let tenant: TenantId;
  let codes = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      JWT_ACCESS_MINUTES: '10000000',
      ANTI_DUP_MINUTES: '60',
      BLOCK_INTERNATIONAL: '0',
    });
    shop = await openShop(gateway, { dailyLimit: 100_000 });
    const [template] = await gateway.store.collection<{ _id: string; tenant_id: string }>('templates').find({});
    tenant = asTenantId(template!.tenant_id);
  });
  afterAll(() => gateway.stop());

  const limit = async (max_per_day_international: number | null, of = shop) =>
    must(200, await of.admin.put('/admin/settings', { max_per_day_international }));
  const british = (count: number, CODE = `a${++codes}`, from = 0) =>
    Array.from({ length: count }, (_, i) => ({ to: `+4479111${String(23_000 + from + i)}`, variables: { CODE } }));
  const post = (messages: readonly unknown[], of = shop) => of.client.post('/requests', requestOf(of, messages));
  const day = () => gateway.clock.now().toISOString().slice(0, 10);
  const counters = () => gateway.store.collection<DailyCountDoc>('counters');
  /** How many of the day are taken, once nobody is at work on them. */
  const used = () =>
    waitFor(
      async () => {
        const counter = await counters().findOne({ _id: `limit:abroad:${tenant}:${day()}` });
        expect(counter?.holds ?? {}).toEqual({});
        return counter?.used ?? 0;
      },
      { timeout: 5000, interval: 5 },
    );
  const nextDay = () =>
    gateway.clock.set(`${new Date(gateway.clock.now().getTime() + DAY * 1000).toISOString().slice(0, 10)}T10:00:00Z`);

  it('are as many as there are, unless the tenant limits them', async () => {
    expect((await post(british(50))).status).toBe(201);
    expect(await used()).toBe(0);
  });

  it('are refused whole beyond the limit of the day, whoever sends; those at home are not', async () => {
    nextDay();
    await limit(5);
    expect((await post(british(4))).status).toBe(201);
    const refused = await post([...messagesTo(1, `h${++codes}`), ...british(2)]);
    expect(refused).toMatchObject({ status: 429, body: { code: 'international_limit' } });
    expect(refused.headers.get('retry-after')).toBe(String(14 * 3600));
    expect(refused.body.message).toContain(`${new Date(Date.parse(day()) + DAY * 1000).toISOString()}`);
    expect((await shop.admin.post('/requests', requestOf(shop, british(2)))).status).toBe(429);
    expect((await post(messagesTo(50, `h${++codes}`))).status).toBe(201);
    expect(await used()).toBe(4);
    expect((await post(british(1))).status).toBe(201);
    expect((await post(british(1))).status).toBe(429);
    nextDay();
    expect((await post(british(5))).status).toBe(201);
  });

  it('give back the share of the key’s own day when they are refused', async () => {
    nextDay();
    await limit(1);
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 3);
    const small = { ...shop, client: gateway.api.withKey(key.plain_key) };
    expect((await post(british(2), small)).body.code).toBe('international_limit');
    expect((await post(messagesTo(3, `h${++codes}`), small)).status).toBe(201);
    expect((await post(messagesTo(1, `h${++codes}`), small)).body.code).toBe('daily_limit');
  });

  it('are counted once: neither duplicates nor who has opted out', async () => {
    nextDay();
    await limit(3);
    const [one, two, gone] = british(3);
    must(201, await shop.admin.post('/opt-outs', { number: gone!.to }));
    expect((await post([one, two, gone])).body).toMatchObject({ total_created: 2, total_opted_out: 1 });
    expect(await used()).toBe(2);
    expect((await post([one])).body).toMatchObject({ total_skipped: 1 });
    expect(await used()).toBe(2);
    expect((await post(british(1))).status).toBe(201);
    must(200, await shop.admin.delete(`/opt-outs/${gone!.to}`));
  });

  it('keep within the limit when requests arrive at once', async () => {
    nextDay();
    await limit(7);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(british(2))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(17);
    expect(await used()).toBe(6);
  });

  it('are none with a limit of 0, and each is named', async () => {
    await limit(0);
    const refused = await post([
      ...messagesTo(1),
      ...british(1),
      { to: '12', variables: { CODE: '1' } },
      ...british(1),
    ]);
    expect(refused.status).toBe(400);
    expect(fieldsOf(refused)).toEqual(['messages.1.to', 'messages.2.to', 'messages.3.to']);
    expect(refused.body.details[0].message).toContain('max_per_day_international');
    expect((await post(messagesTo(1, `h${++codes}`))).status).toBe(201);
    await limit(null);
    const { request_id } = await accept(shop.client, requestOf(shop, british(1)));
    must(200, await shop.client.post(`/requests/${request_id}/cancel`));
    const { items } = must(200, await shop.client.get(`/messages?request_id=${request_id}`));
    await limit(0);
    const again = () => shop.client.post(`/messages/${items[0].message_id}/resend`);
    expect((await again()).body.code).toBe('international_blocked');
    await limit(1);
    nextDay();
    expect((await again()).status).toBe(201);
    expect((await again()).body.code).toBe('international_limit');
  });

  it('of an import wait for the next day, unless no day could take them', async () => {
    nextDay();
    await limit(3);
    expect((await post(british(1))).status).toBe(201);
    const file = (count: number) =>
      ['to,CODE', ...british(count, `i${++codes}`).map(({ to, variables }) => `${to},${variables.CODE}`)].join('\n');
    const parameters = toShop(shop);
    const many = await worked(gateway, shop.client, await importCsv(shop.client, file(4), parameters));
    expect([many.status, many.reason.code]).toEqual(['failed', 'international_limit_too_low']);
    const some = await worked(gateway, shop.client, await importCsv(shop.client, file(3), parameters));
    expect([some.status, some.reason.code]).toEqual(['waiting', 'international_limit']);
    nextDay();
    await gateway.get(ImportWorker).run();
    expect(must(200, await shop.client.get(`/requests/import/${some.import_id}`))).toMatchObject({
      status: 'done',
      total_created: 3,
    });
  });

  it('are given back when a gateway died before the request was committed', async () => {
    nextDay();
    await limit(2);
    const at = gateway.clock.now();
    const requestId = newId('req');
    const purge_at = new Date(at.getTime() + 8 * DAY * 1000);
    const _id = `limit:abroad:${tenant}:${day()}`;
    const holds = { [requestId]: { n: 2, at } };
    await counters().insertOne({ _id, tenant_id: tenant, kind: 'limit', day: day(), used: 2, holds, purge_at });
    expect((await post(british(1))).status).toBe(429);
    gateway.clock.advance(61);
    await gateway.get(RecoveryWorker).run();
    expect(await used()).toBe(0);
    expect((await post(british(2))).status).toBe(201);
  });

  it('give back the duplicates of what was committed and not finished', async () => {
    nextDay();
    await limit(5);
    const { request_id } = await accept(shop.client, requestOf(shop, [...messagesTo(1, `h${++codes}`), ...british(2)]));
    expect(await used()).toBe(2);
    // As it was before the last step: one of the two turned out to be a duplicate.
    const requests = gateway.store.collection('sms_requests');
    const counterId = `limit:abroad:${tenant}:${day()}`;
    await requests.updateOne({ _id: request_id }, { $set: { 'abroad.skipped': 1, total_skipped: 2 } });
    await counters().updateOne(
      { _id: counterId },
      { $set: { [`holds.${request_id}`]: { n: 2, at: gateway.clock.now() } } },
    );
    gateway.clock.advance(61);
    await gateway.get(RecoveryWorker).run();
    expect(await used()).toBe(1);
  });

  describe('raise an alarm', () => {
    let own: Shop;
    const turn = async () => {
      await gateway.get(DestinationCounting).settled();
      await gateway.get(DestinationAlarmWorker).run();
    };
    const alarmsOf = async (of: Shop) => {
      const { tenant_id } = (await gateway.store
        .collection<{ _id: string; tenant_id: string }>('templates')
        .findOne({ _id: of.templateId }))!;
      return gateway.get(DestinationAlarms).current(asTenantId(tenant_id));
    };
    const lines = async (of: Shop) =>
      must(200, await of.admin.get('/admin/audit-logs?action=DESTINATION_ALARM')).items.map(
        ({ actor_type, data }: any) => [actor_type, data],
      );
    const raised = async () => (await readMetrics(gateway.api)).sum('trunkline_destination_alarms_total');

    beforeAll(async () => {
      own = await openTenantShop(gateway, 'pumped');
      for (let i = 0; i < 7; i++) {
        gateway.clock.advance(DAY);
        await accept(own.client, requestOf(own, [...british(20), ...messagesTo(300, `h${++codes}`)]));
      }
      gateway.clock.advance(DAY);
    });

    it('when ten times as many as usual go to one prefix, once a day', async () => {
      const before = await raised();
      await accept(own.client, requestOf(own, british(199)));
      await turn();
      expect([await alarmsOf(own), await raised()]).toEqual([[], before]);
      const since = gateway.clock.now();
      await accept(own.client, requestOf(own, british(1)));
      for (let i = 0; i < 2; i++) await turn();
      expect(await alarmsOf(own)).toEqual([{ prefix: '+4479', today: 200, usual: 20, since }]);
      expect(await lines(own)).toEqual([['SYSTEM', { prefix: '+4479', today: 200, usual: 20 }]]);
      expect(must(200, await own.admin.get('/admin/carriers')).alarms).toEqual([
        {
          code: 'destination_growth',
          message: expect.stringContaining('200 texts to +4479'),
          since: since.toISOString(),
        },
      ]);
      expect(await raised()).toBe(before + 1);
      gateway.clock.advance(60);
      await accept(own.client, requestOf(own, british(100)));
      await turn();
      expect(await alarmsOf(own)).toEqual([{ prefix: '+4479', today: 300, usual: 20, since }]);
      expect(await raised()).toBe(before + 1);
    });

    it('for one tenant alone, and no longer than a day', async () => {
      expect(await alarmsOf(shop)).toEqual([]);
      gateway.clock.advance(DAY);
      await turn();
      expect(await alarmsOf(own)).toEqual([]);
      expect(await lines(own)).toHaveLength(1);
    });

    it('for a prefix that was never sent to, from a hundred on', async () => {
      const french = (count: number) => british(count).map((one, i) => ({ ...one, to: `+3361234${String(1000 + i)}` }));
      await accept(own.client, requestOf(own, french(99)));
      await turn();
      expect(await alarmsOf(own)).toEqual([]);
      await accept(own.client, requestOf(own, french(1)));
      await turn();
      expect(await alarmsOf(own)).toMatchObject([{ prefix: '+3361', today: 100, usual: 0 }]);
    });

    it('about what was accepted: not for duplicates', async () => {
      const swiss = british(60).map((one, i) => ({ ...one, to: `+4178123${String(1000 + i)}` }));
      for (let i = 0; i < 3; i++) await accept(own.client, requestOf(own, swiss));
      await turn();
      expect(await alarmsOf(own)).not.toContainEqual(expect.objectContaining({ prefix: '+4178' }));
    });
  });
});
