import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, messagesOf, messagesTo, requestOf } from '../support/sending.js';
import { approvedTemplate, createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { expectTrueReports } from '../support/true-reports.js';

const ZEROS = [
  'total',
  'sent',
  'delivered',
  'failed',
  'pending',
  'canceled',
  'undelivered',
  'confirmed_late',
  'segments',
  'segments_sent',
];
const NOTHING = Object.fromEntries(ZEROS.map((name) => [name, 0]));

describe('the summary of a tenant’s messages', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let code = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      JWT_ACCESS_MINUTES: '1000000',
      MESSAGE_TTL_HOURS: '24',
      ANTI_DUP_MINUTES: '3',
    });
    shop = await openShop(gateway);
  });
  afterAll(async () => {
    await expectTrueReports(gateway);
    await gateway.stop();
  });
  /** Each test has days of its own. */
  let day: string;
  beforeEach(() => {
    gateway.clock.advance(3 * 86_400);
    day = gateway.clock.now().toISOString().slice(0, 10);
    gateway.clock.set(`${day}T10:00:00Z`);
  });

  const summary = async (query = '', api: Api = shop.admin) =>
    must(200, await api.get(`/reports/summary?from=${day}${query}`));
  const send = async (count: number, extra: Record<string, unknown> = {}, client = shop.client): Promise<string> =>
    (await accept(client, requestOf(shop, messagesTo(count, `s${++code}`), extra))).request_id;
  const at = (time: string) => gateway.clock.set(time.includes('T') ? time : `${day}T${time}Z`);

  it('tells at once of every state a message can be in, and the states add up to the total', async () => {
    await send(6);
    expect(await summary()).toEqual([{ ...NOTHING, date: day, total: 6, pending: 6, segments: 6 }]);
    const jobs = await lease(shop.phone, 5);
    expect(await summary()).toMatchObject([{ total: 6, pending: 6 }]);
    await report(shop.phone, jobs[0]!.message_id, 'SENDING');
    await report(shop.phone, jobs[1]!.message_id, 'SENT');
    await report(shop.phone, jobs[2]!.message_id, 'SENT');
    await report(shop.phone, jobs[2]!.message_id, 'DELIVERED');
    await report(shop.phone, jobs[3]!.message_id, 'FAILED');
    const { items } = must(200, await shop.client.get('/messages/all?status=PENDING'));
    must(200, await shop.client.post(`/messages/${items[0].message_id}/cancel`));
    expect(await summary()).toEqual([
      {
        ...NOTHING,
        date: day,
        total: 6,
        sent: 2,
        delivered: 1,
        failed: 1,
        canceled: 1,
        pending: 2,
        segments: 6,
        segments_sent: 2,
      },
    ]);
    // What runs out fails, in the day it was accepted.
    at(new Date(gateway.clock.now().getTime() + 25 * 3_600_000).toISOString());
    await gateway.get(QueueWorker).run();
    await send(1);
    expect((await summary()).map((row: { failed: number }) => row.failed)).toEqual([3, 0]);
  });

  it('counts duplicates as canceled, a message sent again as a new one, and long texts by their segments', async () => {
    const body = requestOf(shop, [{ to: '+84901000000', variables: { CODE: 'x'.repeat(200) } }]);
    const { request_id } = await accept(shop.client, body);
    await accept(shop.client, body);
    const [{ message_id }] = (await messagesOf(shop.client, request_id)) as [{ message_id: string }];
    await lease(shop.phone);
    await report(shop.phone, message_id, 'FAILED');
    must(201, await shop.client.post(`/messages/${message_id}/resend`));
    expect(await summary()).toMatchObject([
      { total: 3, failed: 1, canceled: 1, pending: 1, segments: 6, segments_sent: 0 },
    ]);
  });

  it('by agent and route, also when messages were given to another phone', async () => {
    const other = await registerPhone(gateway);
    await send(4);
    const [job] = await lease(shop.phone, 1);
    await report(shop.phone, job!.message_id, 'SENT');
    const route = `agent:${other.agentId}`;
    must(200, await shop.admin.post(`/admin/agents/${shop.phone.agentId}/reassign`, { route }));
    const [moved] = await lease(other, 1);
    await report(other, moved!.message_id, 'SENT');
    expect(await summary('&group_by=agent')).toMatchObject([
      { agent_id: other.agentId, total: 3, sent: 1 },
      { agent_id: shop.phone.agentId, total: 1, sent: 1 },
    ]);
    expect(await summary('&group_by=route')).toMatchObject([
      { route, total: 3, pending: 2 },
      { route: `agent:${shop.phone.agentId}`, total: 1, pending: 0 },
    ]);
  });

  it('by agent also for what is taken from a group', async () => {
    must(200, await shop.admin.patch(`/admin/agents/${shop.phone.agentId}`, { groups: ['day'] }));
    await send(2, { agent_id: undefined, route: 'group:day' });
    expect(await summary('&group_by=agent')).toMatchObject([{ agent_id: null, total: 2 }]);
    await lease(shop.phone, 1);
    expect(await summary('&group_by=agent')).toMatchObject([
      { agent_id: shop.phone.agentId, total: 1 },
      { agent_id: null, total: 1 },
    ]);
    expect(await summary('&group_by=route')).toMatchObject([{ route: 'group:day', total: 2 }]);
  });

  it('by client and template, for all or for one template; a key sees its own', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read']);
    const client = gateway.api.withKey(key.plain_key);
    const template_id = await approvedTemplate(shop.admin, 'Hello {CODE}');
    await send(3);
    await send(2, { template_id }, client);
    expect(await summary('&group_by=client')).toMatchObject([
      { client_id: shop.keyId, total: 3 },
      { client_id: key.id, total: 2 },
    ]);
    expect(await summary('&group_by=template')).toMatchObject([
      { template_id: shop.templateId, total: 3 },
      { template_id, total: 2 },
    ]);
    expect(await summary(`&template_id=${template_id}`)).toMatchObject([{ date: day, total: 2 }]);
    expect(await summary('', client)).toMatchObject([{ date: day, total: 2 }]);
    expect(await summary('&group_by=client', client)).toMatchObject([{ client_id: key.id, total: 2 }]);
    expect(await summary('&group_by=client', shop.client)).toMatchObject([{ client_id: shop.keyId, total: 3 }]);
  });

  it('is one tenant’s alone', async () => {
    const acme = await openTenantShop(gateway, `acme-${day}`);
    await accept(acme.client, requestOf(acme, messagesTo(2)));
    await send(1);
    expect(await summary()).toMatchObject([{ total: 1 }]);
    expect(await summary('', acme.admin)).toMatchObject([{ total: 2 }]);
    expect(await summary(`&template_id=${shop.templateId}`, acme.admin)).toEqual([]);
  });

  it('by hour, and by days of another zone than UTC', async () => {
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    at('16:59:59.999');
    await send(1);
    at('17:00:00.000');
    await send(2);
    at('23:59:59.999');
    await send(3);
    at(`${next}T00:00:00.000Z`);
    await send(4);
    const counts = async (query: string) =>
      (await summary(query)).map((row: { date: string; total: number }) => [row.date, row.total]);
    expect(await counts('')).toEqual([
      [day, 6],
      [next, 4],
    ]);
    for (const tz of ['%2B07:00', '+07:00', '7', '07', '%2B0700'])
      expect(await counts(`&tz=${tz}`)).toEqual([
        [day, 1],
        [next, 9],
      ]);
    expect(await counts('&group_by=hour')).toEqual([
      [`${day}T16:00:00Z`, 1],
      [`${day}T17:00:00Z`, 2],
      [`${day}T23:00:00Z`, 3],
      [`${next}T00:00:00Z`, 4],
    ]);
    expect(await counts('&group_by=hour&tz=-1')).toEqual([
      [`${day}T15:00:00-01:00`, 1],
      [`${day}T16:00:00-01:00`, 2],
      [`${day}T22:00:00-01:00`, 3],
      [`${day}T23:00:00-01:00`, 4],
    ]);
    // A day is in the report whole; an hour ends it. Times without a zone are of `tz`.
    expect(await counts(`&to=${day}`)).toEqual([[day, 6]]);
    expect(await counts(`&to=${day}&tz=7`)).toEqual([[day, 1]]);
    expect(await counts(`&to=${day}T17:00:00Z`)).toEqual([[day, 1]]);
    expect(await counts(`&to=${next}T07:00&tz=7`)).toEqual([
      [day, 1],
      [next, 5],
    ]);
    const hours = await shop.admin.get(`/reports/summary?from=${day}T17:00:00Z&to=${day}T18:00:00Z`);
    expect(must(200, hours)).toMatchObject([{ date: day, total: 2 }]);
  });

  it('covers the last 30 days with today, unless it is asked for others', async () => {
    await send(1);
    const totals = async (query: string) =>
      must(200, await shop.admin.get(`/reports/summary${query}`)).map((row: { date: string }) => row.date);
    gateway.clock.advance(29 * 86_400);
    expect(await totals('')).toContain(day);
    gateway.clock.advance(86_400);
    expect(await totals('')).not.toContain(day);
    expect(await totals(`?to=${day}`)).toContain(day);
  });

  it('tells what was spent, where a segment has a price', async () => {
    const change = (body: object) => shop.admin.put('/admin/settings', body);
    must(200, await shop.admin.patch(`/admin/agents/${shop.phone.agentId}`, { groups: ['day'] }));
    await send(3);
    await send(1, { agent_id: undefined, route: 'group:day' });
    for (const job of await lease(shop.phone)) await report(shop.phone, job.message_id, 'SENT');
    expect((await summary())[0]).not.toHaveProperty('cost');
    must(200, await change({ segment_prices: { [`agent:${shop.phone.agentId}`]: 0.1, agent: 7 } }));
    expect(await summary('&group_by=route')).toMatchObject([{ segments_sent: 3, cost: 0.3 }, { segments_sent: 1 }]);
    expect((await summary('&group_by=route'))[1]).not.toHaveProperty('cost');
    must(200, await change({ segment_prices: { agent: 250, group: 0.000001 }, currency: 'VND' }));
    expect(await summary()).toMatchObject([{ segments_sent: 4, cost: 750.000001, currency: 'VND' }]);
    expectError(
      await change({ segment_prices: { carriers: 1 } }),
      400,
      'invalid_request',
      'segment_prices',
      'segment_prices.carriers',
    );
    expectError(
      await change({ segment_prices: { agent: -1 } }),
      400,
      'invalid_request',
      'segment_prices',
      'segment_prices.agent',
    );
    expectError(await change({ currency: 'đ' }), 400, 'invalid_request', 'currency');
    must(200, await change({ segment_prices: null, currency: null }));
    expect((await summary())[0]).not.toHaveProperty('cost');
  });

  it.each([
    ['from=yesterday', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=2026-02-03T10:30:00Z', 'from'],
    ['from=1999-12-31', 'from'],
    ['to=9999-01-01', 'to'],
    ['from=2026-02-03&to=2026-02-02', 'to'],
    ['from=2026-02-03T10:00Z&to=2026-02-03T10:00Z', 'to'],
    ['from=2199-01-01', 'from'],
    ['from=2026-01-01&to=2027-12-31', 'from'],
    ['from=2026-01-01&to=2026-04-01&group_by=hour', 'from'],
    ['tz=5:37', 'tz'],
    ['tz=15', 'tz'],
    ['tz=Europe/Berlinn', 'tz'],
    ['group_by=week', 'group_by'],
    ['template_id=1', 'template_id'],
    ['status=SENT', 'status'],
  ])('refuses ?%s and names the parameter', async (query, field) => {
    expectError(await shop.admin.get(`/reports/summary?${query}`), 400, 'invalid_request', field);
  });
});
