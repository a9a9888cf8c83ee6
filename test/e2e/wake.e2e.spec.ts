import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueueWaiters } from '../../src/messages/queue-waiters.js';
import { WakesRepository } from '../../src/messages/waking/wakes.repository.js';
import type { Answer, Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, requestOf } from '../support/sending.js';
import { openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

/** What is promised of an acceptance at another gateway. */
const PROMISE_MILLIS = 500;
/** An answer within this time didn't come of the look that a phone's wait takes every five seconds. */
const BEFORE_SAFETY_MILLIS = 4000;

/** Phones wait at one gateway, and what they wait for comes in at another: two gateways on one database. */
(process.env['E2E_STORE'] === 'mongo' ? describe : describe.skip)('a phone that waits at another gateway', () => {
  let here: TestGateway;
  let there: TestGateway;
  let shop: Shop;
  let client: Api;
  let phone: Phone;
  let code = 0;

  beforeAll(async () => {
    const env = { ROLE: 'api', AGENT_RATE_LIMIT_PER_MIN: '6000', ANTI_DUP_MINUTES: '0' };
    here = await TestGateway.start(env, { realTime: true });
    there = await here.beside({ ROLE: 'all' });
    shop = await openShop(here);
    client = there.api.as(shop.client.credentials);
  });
  beforeEach(async () => {
    phone = await registerPhone(here);
    shop = { ...shop, phone };
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(async () => {
    await there?.stop();
    await here?.stop();
  });

  const wait = (by: Phone = phone, seconds = 20): Promise<Answer> => by.api.get(`/agent/jobs/next?wait=${seconds}`);
  const waiting = (count: number) =>
    waitFor(() => expect(here.get(QueueWaiters).phones).toBe(count), { timeout: 5000, interval: 5 });
  const submit = (extra: Record<string, unknown> = {}, count = 1) =>
    accept(client, requestOf(shop, messagesTo(count, String(++code)), extra));
  const requestsOf = ({ body }: Answer): string[] =>
    body.messages.map((message: { request_id: string }) => message.request_id);

  /** How long after the acceptance was answered the phone got its message. */
  async function latency(extra: Record<string, unknown> = {}): Promise<number> {
    const answer = wait().then((got) => ({ got, at: performance.now() }));
    await waiting(1);
    // Not in step with the looks.
    await new Promise((resolve) => setTimeout(resolve, 90));
    const { request_id } = await submit(extra);
    const accepted = performance.now();
    const { got, at } = await answer;
    expect(requestsOf(got)).toEqual([request_id]);
    return at - accepted;
  }
  async function median(measure: () => Promise<number>): Promise<number> {
    const all: number[] = [];
    for (let i = 0; i < 5; i++) all.push(await measure());
    return all.sort((a, b) => a - b)[2]!;
  }

  it('is woken within half a second', async () => {
    expect(await median(latency)).toBeLessThan(PROMISE_MILLIS);
  });

  it('is woken by what comes for its group', async () => {
    const admin = shop.admin;
    expect((await admin.patch(`/admin/agents/${phone.agentId}`, { groups: ['far'] })).status).toBe(200);
    expect(await median(() => latency({ agent_id: undefined, route: 'group:far' }))).toBeLessThan(PROMISE_MILLIS);
  });

  it('is woken by what has become due, which only the other gateway looks for', async () => {
    const { request_id } = await submit({ schedule_at: new Date(Date.now() + 1500).toISOString() });
    const began = performance.now();
    expect(requestsOf(await wait())).toEqual([request_id]);
    expect(performance.now() - began).toBeLessThan(BEFORE_SAFETY_MILLIS);
  });

  it('loses nothing of what came while nobody waited, and is not disturbed by it later', async () => {
    const { request_id } = await submit({}, 3);
    expect(requestsOf(await wait())).toEqual([request_id, request_id, request_id]);
    const began = performance.now();
    const claimed = requestsOf(await wait(phone, 1));
    expect([claimed, performance.now() - began >= 990]).toEqual([[], true]);
    expect(await latency()).toBeLessThan(BEFORE_SAFETY_MILLIS);
  });

  it('costs a look now and then for all of them together, and none while nobody waits', async () => {
    const looks = jest.spyOn(here.get(WakesRepository), 'toldBySomebodyElse');
    await waiting(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    looks.mockClear();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(looks).toHaveBeenCalledTimes(0);
    const phones = await Promise.all(Array.from({ length: 20 }, () => registerPhone(here)));
    const began = performance.now();
    await Promise.all(phones.map((one) => wait(one, 1.5)));
    const most = (performance.now() - began) / 250;
    expect(looks.mock.calls.length).toBeGreaterThan(0);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(most);
  });

  it('is told of many acceptances in few writes', async () => {
    const inserted = jest.spyOn(there.get(WakesRepository), 'insert');
    const phones = await Promise.all(Array.from({ length: 20 }, () => registerPhone(here)));
    const began = performance.now();
    await Promise.all(phones.map((one) => submit({ agent_id: one.agentId })));
    const told = () => new Set(inserted.mock.calls.flatMap(([wake]) => wake.queues));
    await waitFor(() => expect(told().size).toBe(20));
    expect(inserted.mock.calls.length).toBeLessThanOrEqual((performance.now() - began) / 50 + 1);
  });

  it('is answered at the latest by its safety look when the wake is lost', async () => {
    jest.spyOn(there.get(WakesRepository), 'insert').mockRejectedValue(new Error('the store is away'));
    const answer = wait();
    await waiting(1);
    const { request_id } = await submit();
    expect(requestsOf(await answer)).toEqual([request_id]);
  });
});
