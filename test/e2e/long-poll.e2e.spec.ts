import { HttpAdapterHost } from '@nestjs/core';
import type { Server, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Claims } from '../../src/messages/claims.js';
import { QueueWaiters } from '../../src/messages/queue-waiters.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { Answer } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { leasedIds, submit } from '../support/traffic.js';
import { waitFor } from '../support/wait-for.js';

/** Waiting is told from polling by this: an answer that came of a wake comes long before it. */
const SOON_MILLIS = 4000;

describe('a waiting phone', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;

  const wait = (by: Phone, seconds = 20, init: RequestInit = {}): Promise<Answer> =>
    by.api.get(`/agent/jobs/next?wait=${seconds}`, init);
  const idsOf = ({ body }: Answer): string[] =>
    body.messages.map((message: { message_id: string }) => message.message_id);
  const waiting = (count: number) =>
    waitFor(() => expect(gateway.get(QueueWaiters).phones).toBe(count), { timeout: 5000, interval: 5 });
  /** Fails when `answer` took as long as a phone that nobody woke would have. */
  async function soon<T>(answer: Promise<T>): Promise<T> {
    const began = performance.now();
    const value = await answer;
    expect(performance.now() - began).toBeLessThan(SOON_MILLIS);
    return value;
  }

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000' });
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
    shop = { ...shop, phone };
  });
  afterAll(() => gateway.stop());

  it('is answered as soon as a message is accepted', async () => {
    const answer = wait(phone);
    await waiting(1);
    const ids = await submit(shop);
    expect(idsOf(await soon(answer))).toEqual(ids);
    await waiting(0);
  });

  it('doesn’t wait when there is something', async () => {
    const ids = await submit(shop);
    expect(idsOf(await soon(wait(phone)))).toEqual(ids);
  });

  it('is answered with nothing at the end of its wait', async () => {
    const began = performance.now();
    const { status, body } = await wait(phone, 0.3);
    expect({ status, messages: body.messages }).toEqual({ status: 200, messages: [] });
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
    await waiting(0);
  });

  it.each(['31', '-1', 'long'])('may not wait %s seconds', async (seconds) => {
    const { status, body } = await phone.api.get(`/agent/jobs/next?wait=${seconds}`);
    expect({ status, field: body.details[0].field }).toEqual({ status: 400, field: 'wait' });
  });

  it('is woken by a scheduled message that becomes due', async () => {
    const at = new Date(gateway.clock.now().getTime() + 60_000).toISOString();
    const [id] = await submit(shop, 1, { schedule_at: at });
    const answer = wait(phone);
    await waiting(1);
    gateway.clock.advance(60);
    await gateway.get(QueueWorker).run();
    expect(idsOf(await soon(answer))).toEqual([id]);
  });

  it('is woken by a lease that ran out', async () => {
    const [id] = await submit(shop);
    await leasedIds(phone);
    const answer = wait(phone);
    await waiting(1);
    gateway.clock.advance(300);
    await gateway.get(QueueWorker).run();
    expect(idsOf(await soon(answer))).toEqual([id]);
  });

  it('is woken by its group’s messages, and only one of the group gets each', async () => {
    const members = await Promise.all(Array.from({ length: 5 }, () => registerPhone(gateway)));
    for (const { agentId } of members) await shop.admin.patch(`/admin/agents/${agentId}`, { groups: ['waiting'] });
    const answers = members.map((member) => wait(member, 1));
    await waiting(5);
    const ids = await submit(shop, 1, { route: 'group:waiting' });
    expect((await Promise.all(answers)).flatMap(idsOf)).toEqual(ids);
  });

  it('that hangs up costs nothing and loses nothing', async () => {
    const hangUp = new AbortController();
    const answer = wait(phone, 20, { signal: hangUp.signal }).catch((error: Error) => error.name);
    await waiting(1);
    hangUp.abort();
    expect(await answer).toBe('AbortError');
    await waiting(0);
    const ids = await submit(shop);
    const { body } = await phone.api.get('/agent/jobs/next');
    expect(body.messages).toMatchObject([{ message_id: ids[0], attempts: 1 }]);
  });

  it('that hangs up while its message is being leased gives it back', async () => {
    const server = gateway.get(HttpAdapterHost).httpAdapter.getHttpServer() as Server;
    const closed = new Promise<void>((resolve) =>
      server.once('request', (_: unknown, response: ServerResponse) => response.once('close', resolve)),
    );
    const claims = gateway.get(Claims);
    const claim = claims.claim.bind(claims);
    const hangUp = new AbortController();
    const slow = jest.spyOn(claims, 'claim').mockImplementation(async (order) => {
      const leased = await claim(order);
      if (leased.length > 0) {
        hangUp.abort();
        await closed;
      }
      return leased;
    });
    const answer = wait(phone, 20, { signal: hangUp.signal }).catch((error: Error) => error.name);
    await waiting(1);
    const [id] = await submit(shop);
    expect(await answer).toBe('AbortError');
    const message = async () => (await shop.client.get(`/messages/${id}`)).body;
    await waitFor(async () => expect((await message()).lease?.ended_at).toBe(gateway.clock.now().toISOString()));
    slow.mockRestore();

    const next = await phone.api.get('/agent/jobs/next');
    expect(next.body.messages).toMatchObject([{ message_id: id, attempts: 1 }]);
    const events = (await message()).history.map((entry: { event: string }) => entry.event);
    expect(events).toEqual(['accepted', 'leased', 'lease_ended', 'leased']);
  });

  it('finds out at once that it was unregistered', async () => {
    const answer = wait(phone);
    await waiting(1);
    await shop.admin.post(`/admin/agents/${phone.agentId}/unregister`);
    expect(idsOf(await soon(answer))).toEqual([]);
    expect((await wait(phone)).status).toBe(401);
  });

  it('gets nothing for a token that was rotated away meanwhile', async () => {
    const answer = wait(phone);
    await waiting(1);
    await gateway.api.post('/agent/register', { device_id: phone.deviceId });
    expect(idsOf(await soon(answer))).toEqual([]);
  });

  it('that joins a group gets what waits there', async () => {
    const ids = await submit(shop, 1, { route: 'group:late', allow_empty_route: true });
    const answer = wait(phone);
    await waiting(1);
    await shop.admin.patch(`/admin/agents/${phone.agentId}`, { groups: ['late'] });
    expect(idsOf(await soon(answer))).toEqual(ids);
  });

  it('is one of two hundred that each get their own message', async () => {
    const phones = await Promise.all(Array.from({ length: 200 }, () => registerPhone(gateway)));
    const answers = phones.map((one) => wait(one, 25));
    await waiting(200);
    const sent = await Promise.all(phones.map((one) => submit({ ...shop, phone: one })));
    const got = await soon(Promise.all(answers));
    expect(got.map(idsOf)).toEqual(sent);
    await waiting(0);
  });

  it('is answered at once when the gateway stops', async () => {
    const answers = [phone, await registerPhone(gateway)].map((one) => wait(one));
    await waiting(2);
    const restarted = gateway.restart();
    const got = await soon(Promise.all(answers));
    expect(got.map(({ status, body }) => ({ status, messages: body.messages }))).toEqual([
      { status: 200, messages: [] },
      { status: 200, messages: [] },
    ]);
    await restarted;
  });
});
