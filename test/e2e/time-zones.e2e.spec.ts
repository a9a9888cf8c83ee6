import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';
import { expectTrueReports } from '../support/true-reports.js';

describe('the zone of a tenant’s days', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      ANTI_DUP_MINUTES: '0',
      MESSAGE_TTL_HOURS: '24',
      JWT_ACCESS_MINUTES: '1000000',
      BLOCK_INTERNATIONAL: 'false',
    });
    shop = await openShop(gateway, { dailyLimit: 1000 });
  });
  afterAll(async () => {
    await expectTrueReports(gateway);
    await gateway.stop();
  });

  /** Each test has days of its own; the first of them begins at 10:00 UTC. */
  let day: string;
  let next: string;
  beforeEach(async () => {
    gateway.clock.advance(5 * 86_400);
    day = gateway.clock.now().toISOString().slice(0, 10);
    next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    gateway.clock.set(`${day}T10:00:00Z`);
    must(200, await shop.admin.put('/admin/settings', { time_zone: null }));
  });

  const send = async (count: number) =>
    (await accept(shop.client, requestOf(shop, messagesTo(count, `z${++code}`)))).request_id;
  const sendAt = async (time: string, count: number) => {
    gateway.clock.set(`${day}T${time}Z`);
    return send(count);
  };
  const chooseZone = async (time_zone: string | null) =>
    must(200, await shop.admin.put('/admin/settings', { time_zone }));
  const counts = async (query: string) =>
    must(200, await shop.admin.get(`/reports/summary?${query}`)).map((row: { date: string; total: number }) => [
      row.date,
      row.total,
    ]);

  it('counts days that begin within an hour of UTC', async () => {
    // Midnight is at 18:30 UTC in India, and at 18:15 in Nepal.
    await sendAt('18:14:59.999', 1);
    await sendAt('18:15:00', 2);
    await sendAt('18:29:59.999', 4);
    await sendAt('18:30:00', 8);
    expect(await counts(`from=${day}&to=${next}&tz=Asia/Kolkata`)).toEqual([
      [day, 7],
      [next, 8],
    ]);
    expect(await counts(`from=${day}&to=${next}&tz=Asia/Kathmandu`)).toEqual([
      [day, 1],
      [next, 14],
    ]);
    expect(await counts(`from=${next}&to=${next}&tz=%2B05:30`)).toEqual([[next, 8]]);
    expect(await counts(`from=${day}&to=${day}&tz=5:30`)).toEqual([[day, 7]]);
    expect(await counts(`from=${day}T18:00:00Z&to=${day}T19:00:00Z&tz=Asia/Kolkata&group_by=hour`)).toEqual([
      [`${day}T23:00:00+05:30`, 7],
      [`${next}T00:00:00+05:30`, 8],
    ]);
    // An hour of India, which no hour of UTC is.
    expect(await counts(`from=${next}T00:00&to=${next}T01:00&tz=Asia/Kolkata`)).toEqual([[next, 8]]);
    const byClient = must(200, await shop.admin.get(`/reports/summary?from=${next}&tz=Asia/Kolkata&group_by=client`));
    expect(byClient).toMatchObject([{ total: 8 }]);
  });

  it('keeps them once the messages are removed', async () => {
    await sendAt('18:15:00', 2);
    await sendAt('18:30:00', 3);
    await sendAt('18:59:59.999', 4);
    must(200, await shop.admin.put('/admin/settings', { remove_messages_after_days: 8 }));
    gateway.clock.advance(2 * 86_400);
    await gateway.get(QueueWorker).run();
    const zones = ['Asia/Kolkata', 'Asia/Kathmandu', 'Z'];
    const all = () => Promise.all(zones.map((tz) => counts(`from=${day}&to=${next}&tz=${tz}`)));
    const before = await all();
    expect(before).toEqual([
      [
        [day, 2],
        [next, 7],
      ],
      [[next, 9]],
      [[day, 9]],
    ]);
    gateway.clock.advance(8 * 86_400);
    await gateway.get(RetentionWorker).run();
    expect(must(200, await shop.admin.get(`/messages/all?created_from=${day}&created_to=${next}`)).items).toEqual([]);
    expect(await all()).toEqual(before);
    must(200, await shop.admin.put('/admin/settings', { remove_messages_after_days: null }));
  });

  it('is the setting’s, unless a report asks for another', async () => {
    await sendAt('16:59:59.999', 1);
    await sendAt('17:00:00', 2);
    const range = `from=${day}&to=${next}`;
    expect(await counts(range)).toEqual([[day, 3]]);
    await chooseZone('Asia/Ho_Chi_Minh');
    expect(await counts(range)).toEqual([
      [day, 1],
      [next, 2],
    ]);
    expect(await counts(`${range}&tz=UTC`)).toEqual([[day, 3]]);
  });

  it('begins and ends the days of a search and of an export, too', async () => {
    await sendAt('16:59:59.999', 1);
    await sendAt('17:00:00', 2);
    await chooseZone('Asia/Ho_Chi_Minh');
    const found = must(200, await shop.admin.get(`/messages/all?created_from=${next}&created_to=${next}`));
    expect(found.items).toHaveLength(2);
    const lines = async (query: string) =>
      String((await shop.admin.get(`/reports/export.csv?${query}`)).body)
        .trim()
        .split('\r\n').length - 1;
    expect([await lines(`from=${day}&to=${day}`), await lines(`from=${next}&to=${next}`)]).toEqual([1, 2]);
  });

  it('begins the day of a key’s limit', async () => {
    await chooseZone('Asia/Kolkata');
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 2);
    const client = gateway.api.withKey(key.plain_key);
    const post = (count: number) => client.post('/requests', requestOf(shop, messagesTo(count, `limit ${++code}`)));
    gateway.clock.set(`${day}T18:29:59.999Z`);
    expect((await post(2)).status).toBe(201);
    const refused = await post(1);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.body.message).toContain(`${day}T18:30:00.000Z`);
    gateway.clock.advance(0.001);
    expect((await post(1)).status).toBe(201);
    expect(must(200, await client.get('/reports/usage'))).toMatchObject([
      { day: next, used: 1, remaining: 1, resets_at: `${next}T18:30:00.000Z` },
    ]);
    // At midnight UTC nothing begins again.
    gateway.clock.set(`${next}T00:00:00Z`);
    expect((await post(2)).status).toBe(429);
  });

  it('begins the day of the limit for texts abroad', async () => {
    must(200, await shop.admin.put('/admin/settings', { time_zone: 'Asia/Kolkata', max_per_day_international: 1 }));
    const abroad = () =>
      shop.client.post('/requests', requestOf(shop, [{ to: '+4915112345678', variables: { CODE: `${++code}` } }]));
    gateway.clock.set(`${day}T18:29:59.999Z`);
    expect([(await abroad()).status, (await abroad()).status]).toEqual([201, 429]);
    gateway.clock.advance(0.001);
    expect([(await abroad()).status, (await abroad()).status]).toEqual([201, 429]);
    must(200, await shop.admin.put('/admin/settings', { max_per_day_international: null }));
  });

  it('follows the clock where it is set back', async () => {
    // In New York, 2 November 2127 has 25 hours: it ends at 05:00 UTC.
    const [sunday, monday] = ['2127-11-02', '2127-11-03'];
    await chooseZone('America/New_York');
    gateway.clock.set(`${sunday}T03:59:59Z`);
    await send(1);
    gateway.clock.set(`${sunday}T04:00:00Z`);
    await send(2);
    gateway.clock.set(`${monday}T04:59:59Z`);
    await send(4);
    gateway.clock.set(`${monday}T05:00:00Z`);
    await send(8);
    expect(await counts(`from=${sunday}&to=${monday}`)).toEqual([
      [sunday, 6],
      [monday, 8],
    ]);
  });

  it.each(['Africa/Monrovia', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'UTC'])(
    'takes %s, whatever its clocks showed in 1970',
    async (zone) => {
      must(200, await shop.admin.get(`/reports/summary?tz=${zone}`));
      expect((await shop.admin.get(`/reports/export.csv?tz=${zone}`)).status).toBe(200);
    },
  );

  it.each([
    ['tz=Asia/Saigonn', 'tz'],
    ['tz=%2B05:37', 'tz'],
    ['tz=-13', 'tz'],
    ['from=2026-02-03T10:15:00Z&tz=Asia/Kolkata', 'from'],
  ])('refuses ?%s', async (query, field) => {
    expectError(await shop.admin.get(`/reports/summary?${query}`), 400, 'invalid_request', field);
  });

  it('says what a span of time is called where it has another name', async () => {
    const refusals = [
      ['/messages/all?from=2026-11-21', 'from', 'is called created_from here'],
      ['/messages/all?to=2026-11-21', 'to', 'is a number here; a span of time is created_from and created_to'],
      ['/reports/summary?created_from=2026-11-21', 'created_from', 'is called from here'],
      ['/reports/export.csv?created_to=2026-11-21', 'created_to', 'is called to here'],
    ] as const;
    for (const [path, field, message] of refusals) {
      const refused = await shop.admin.get(path);
      expectError(refused, 400, 'invalid_request', field);
      expect(refused.body.message).toBe(`${field}: ${message}`);
    }
  });
});
