import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { TestGateway } from '../support/gateway.js';
import { accept, isoIn, messagesOf, messagesTo, numberOf, requestOf, statusOf } from '../support/sending.js';
import { lease, openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';

const HOUR = 3600;
const LEASE = 300;

describe('a message that takes too long', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;

  beforeAll(async () => {
    gateway = await TestGateway.start({
      ANTI_DUP_MINUTES: '0',
      LEASE_SECONDS: String(LEASE),
      AGENT_RATE_LIMIT_PER_MIN: '100000',
      JWT_ACCESS_MINUTES: '1000000',
    });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  /** Messages for a phone of their own. */
  async function send(extra: Record<string, unknown>, messages: readonly unknown[] = messagesTo(1)) {
    phone = await registerPhone(gateway);
    const request = await accept(shop.client, requestOf({ ...shop, phone }, messages, extra));
    const stored = await messagesOf(shop.client, request.request_id);
    return { request, messages: stored, id: stored[0].message_id as string };
  }
  const run = () => gateway.get(QueueWorker).run();

  const expectExpired = (id: string) => expectEnded(id, 'EXPIRED');

  async function expectEnded(id: string, last_error: string): Promise<void> {
    const { body } = await shop.client.get(`/messages/${id}`);
    expect(body).toMatchObject({ status: 'FAILED', last_error, failed_at: isoIn(gateway, 0) });
    expect(body.history.at(-1)).toMatchObject({ actor: 'system', to: 'FAILED' });
    expect(await lease(phone)).toEqual([]);
  }

  it('ends 72 hours after it was accepted, or after its own schedule', async () => {
    const at = (schedule_at: string | null, i: number) => ({ to: numberOf(i), variables: { CODE: '1' }, schedule_at });
    const { request, messages } = await send({}, [
      at(null, 0),
      at(isoIn(gateway, -HOUR), 1),
      at(isoIn(gateway, 100 * HOUR), 2),
    ]);
    expect(messages.map((message) => message.expires_at)).toEqual([
      isoIn(gateway, 72 * HOUR),
      isoIn(gateway, 72 * HOUR),
      isoIn(gateway, 172 * HOUR),
    ]);
    expect(request.expires_at).toBe(isoIn(gateway, 172 * HOUR));
    gateway.clock.advance(72 * HOUR);
    await run();
    expect(await Promise.all(messages.map(({ message_id }) => statusOf(shop.client, message_id)))).toEqual([
      'FAILED',
      'FAILED',
      'PENDING',
    ]);
  });

  it('ends when the client says', async () => {
    const end = isoIn(gateway, HOUR);
    const named = await send({ expires_at: end.replace('Z', ' 00:00') });
    expect([named.request.expires_at, named.messages[0].expires_at]).toEqual([end, end]);
    const lived = await send({ ttl_seconds: 90, schedule_at: isoIn(gateway, 60) });
    expect([lived.request.expires_at, lived.messages[0].expires_at]).toEqual([
      isoIn(gateway, 150),
      isoIn(gateway, 150),
    ]);
  });

  it('fails as EXPIRED while it waits', async () => {
    const { id } = await send({ ttl_seconds: HOUR });
    gateway.clock.advance(HOUR - 0.001);
    await run();
    expect(await statusOf(shop.client, id)).toBe('PENDING');
    gateway.clock.advance(0.001);
    await run();
    await expectExpired(id);
  });

  it('is never leased after its end, also when no worker has run', async () => {
    const { id } = await send({ ttl_seconds: HOUR });
    gateway.clock.advance(HOUR);
    expect(await lease(phone)).toEqual([]);
    await expectExpired(id);
  });

  it('is leased no longer than it lives', async () => {
    const { id } = await send({ ttl_seconds: 100 });
    const { body } = await phone.api.get('/agent/jobs/next');
    expect(body.messages[0].lease_expires_at).toBe(isoIn(gateway, 100));
    gateway.clock.advance(100);
    expect(await report(phone, id, 'SENDING')).toMatchObject({ result: 'conflict' });
    await run();
    await expectExpired(id);
  });

  it('fails as EXPIRED when its lease has run out', async () => {
    const { id } = await send({ ttl_seconds: HOUR });
    expect(await lease(phone)).toHaveLength(1);
    gateway.clock.advance(LEASE);
    await run();
    expect(await statusOf(shop.client, id)).toBe('ASSIGNED');
    gateway.clock.advance(HOUR - LEASE);
    await run();
    await expectExpired(id);
  });

  it('stays SENDING, leased to nobody else, until its end', async () => {
    const { id } = await send({ ttl_seconds: HOUR });
    await lease(phone);
    await report(phone, id, 'SENDING');
    gateway.clock.advance(HOUR - 1);
    await run();
    expect(await lease(phone)).toEqual([]);
    expect(await statusOf(shop.client, id)).toBe('SENDING');
    gateway.clock.advance(1);
    await run();
    await expectEnded(id, 'UNCONFIRMED');
  });

  it('is not touched any more once it was sent', async () => {
    const { id } = await send({ ttl_seconds: HOUR });
    await lease(phone);
    await report(phone, id, 'SENT');
    gateway.clock.advance(2 * HOUR);
    await run();
    expect(await statusOf(shop.client, id)).toBe('SENT');
    expect(await report(phone, id, 'DELIVERED')).toMatchObject({ result: 'updated' });
  });
});
