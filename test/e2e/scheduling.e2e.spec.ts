import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { QueueRepository } from '../../src/messages/queue.repository.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { accept, isoIn, messagesOf, messagesTo, numberOf, requestOf } from '../support/sending.js';
import { lease, openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';

describe('schedule_at', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      ANTI_DUP_MINUTES: '0',
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      LEASE_SECONDS: '86400',
      JWT_ACCESS_MINUTES: '1000000',
    });
    shop = await openShop(gateway, { dailyLimit: 1000 });
  });
  afterAll(() => gateway.stop());

  /** Sends a message for each schedule by a phone of its own. */
  async function schedule(schedules: readonly unknown[], extra: Record<string, unknown> = {}) {
    const phone = await registerPhone(gateway);
    const messages = schedules.map((schedule_at, i) => ({ to: numberOf(i), variables: { CODE: '1' }, schedule_at }));
    const { request_id } = await accept(shop.client, requestOf({ ...shop, phone }, messages, extra));
    return { phone, messages: await messagesOf(shop.client, request_id) };
  }
  /** The places of what the phone gets now. */
  const placesOf = async (phone: Phone) => (await lease(phone)).map(({ to }) => Number(to.slice(-2)));

  it('null, missing, now or past is due at once', async () => {
    const { phone, messages } = await schedule([null, undefined, isoIn(gateway, 0), isoIn(gateway, -86_400)]);
    expect(messages.map((message) => message.schedule_at)).toEqual([
      null,
      null,
      isoIn(gateway, 0),
      isoIn(gateway, -86_400),
    ]);
    expect(await placesOf(phone)).toEqual([0, 1, 2, 3]);
  });

  it('more than a day ago is due at once, and the answer names it', async () => {
    const phone = await registerPhone(gateway);
    const long = isoIn(gateway, -86_400.001);
    const messages = [long, isoIn(gateway, -86_400), null, '2025-11-21t08:00:00z'].map((schedule_at, i) => ({
      to: numberOf(i),
      variables: { CODE: '1' },
      schedule_at,
    }));
    const submit = () =>
      shop.client.post('/requests', requestOf({ ...shop, phone }, messages), { 'idempotency-key': 'long-ago' });
    const accepted = must(201, await submit());
    const message = 'is more than a day ago, so it is due at once';
    expect(accepted.warnings).toEqual([0, 3].map((i) => ({ field: `messages.${i}.schedule_at`, message })));
    expect(must(201, await submit())).toEqual(accepted);
    expect(await placesOf(phone)).toEqual([0, 1, 2, 3]);
    expect(await accept(shop.client, requestOf({ ...shop, phone }, messages.slice(1, 3)))).not.toHaveProperty(
      'warnings',
    );
  });

  it('in the future is leased then and not a moment before', async () => {
    const { phone } = await schedule([isoIn(gateway, 7200), isoIn(gateway, 3600)]);
    for (const [seconds, places] of [
      [3599.999, []],
      [0.001, [1]],
      [3599.999, []],
      [0.001, [0]],
    ] as const) {
      gateway.clock.advance(seconds);
      await gateway.get(QueueWorker).run();
      expect(await placesOf(phone)).toEqual(places);
    }
  });

  it('becomes due inside a claim as well, when no worker has run', async () => {
    const { phone } = await schedule([isoIn(gateway, 60)]);
    expect(await placesOf(phone)).toEqual([]);
    gateway.clock.advance(60);
    expect(await placesOf(phone)).toEqual([0]);
  });

  it('is not missed by a claim that looks while a worker promotes it', async () => {
    const { phone } = await schedule([isoIn(gateway, 60)]);
    gateway.clock.advance(60);
    const queues = gateway.get(QueueRepository);
    const due = queues.due.bind(queues);
    const slow = jest.spyOn(queues, 'due').mockImplementationOnce(async (...look) => {
      await gateway.get(QueueWorker).run();
      return due(...look);
    });
    expect(await placesOf(phone)).toEqual([0]);
    slow.mockRestore();
  });

  it('of a message wins over the request’s, also when it is null', async () => {
    const { phone, messages } = await schedule([undefined, null, isoIn(gateway, 60)], {
      schedule_at: isoIn(gateway, 120),
    });
    expect(messages.map((message) => message.schedule_at)).toEqual([isoIn(gateway, 120), null, isoIn(gateway, 60)]);
    expect(await placesOf(phone)).toEqual([1]);
    gateway.clock.advance(60);
    expect(await placesOf(phone)).toEqual([2]);
    gateway.clock.advance(60);
    expect(await placesOf(phone)).toEqual([0]);
  });

  it('without a zone is UTC; offsets count, also where the plus became a space', async () => {
    const day = isoIn(gateway, 86_400).slice(0, 10);
    const written = [
      '12:00:00',
      '12:00',
      '19:00:00+07:00',
      '19:00:00 07:00',
      '19:00+0700',
      '19:00+07',
      '04:30:00-07:30',
    ];
    const { messages } = await schedule([...written.map((time) => `${day}T${time}`), `${day} 12:00:00.250Z`]);
    expect(messages.map((message) => message.schedule_at)).toEqual([
      ...written.map(() => `${day}T12:00:00.000Z`),
      `${day}T12:00:00.250Z`,
    ]);
  });

  it('lets what is due go in the order of priority, then of acceptance', async () => {
    const phone = await registerPhone(gateway);
    const send = (code: string, priority: string, schedule_at: string | null) =>
      shop.client.post('/requests', requestOf({ ...shop, phone }, messagesTo(2, code), { priority, schedule_at }));
    await send('scheduled', 'HIGH', isoIn(gateway, 60));
    await send('low', 'LOW', null);
    await send('normal', 'NORMAL', null);
    gateway.clock.advance(60);
    await send('later', 'NORMAL', null);
    expect((await lease(phone)).map(({ text, to }) => `${text.slice(7)} ${to.slice(-1)}`)).toEqual(
      ['scheduled', 'normal', 'later', 'low'].flatMap((code) => [`${code} 0`, `${code} 1`]),
    );
  });
});
