import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreFailure } from '../../src/common/store-failure.js';
import { MessagesRepository } from '../../src/messages/messages.repository.js';
import { Expansion } from '../../src/requests/expansion.js';
import { RecoveryWorker } from '../../src/requests/recovery.worker.js';
import { RequestsRepository } from '../../src/requests/requests.repository.js';
import { byHand } from '../support/by-hand.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, requestOf, usedToday } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

const LIMIT = 4;

/** Nobody knows whether it was written: whatever acceptance does then, it must be right in both cases. */
describe('a request of which a write is not answered', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeEach(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '60' });
    shop = await openShop(gateway);
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], LIMIT);
    shop = { ...shop, keyId: key.id, client: gateway.api.withKey(key.plain_key) };
    await byHand(gateway.get(RecoveryWorker));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await gateway.stop();
  });

  const body = (code = '1') => requestOf(shop, messagesTo(2, code));
  const submit = (key?: string) => shop.client.post('/requests', body(), key ? { 'idempotency-key': key } : {});
  const recover = () => gateway.get(RecoveryWorker).run();
  const used = async () => {
    const counters = gateway.store.collection<{ _id: string; used: number; kind: string }>('counters');
    return (await counters.findOne({
      kind: 'limit',
      _id: { $gte: `limit:${shop.keyId}`, $lt: `limit:${shop.keyId};` },
    }))!.used;
  };
  const requests = async () => (await shop.client.get('/requests')).body.items;
  const statuses = async () =>
    (await shop.client.get('/messages/all')).body.items.map(({ status }: { status: string }) => status);

  /** The commit, once: made or not, and not answered. */
  function commit(isMade: boolean, error: Error): void {
    const repository = gateway.get(RequestsRepository);
    const insert = repository.insert.bind(repository);
    jest.spyOn(repository, 'insert').mockImplementationOnce(async (request) => {
      if (isMade) await insert(request);
      throw error;
    });
  }

  it.each([
    ['the store', new StoreFailure('unavailable', new Error('no answer')), 503, 'store_unavailable'],
    ['something else', new Error('no answer'), 500, 'internal_error'],
  ])('that was committed all the same keeps what it took, and is finished: %s', async (_, error, status, code) => {
    commit(true, error);
    expectError(await submit('k'), status, code);
    expect(await used()).toBe(2);
    // Its texts are its own from the moment of its commit.
    expect(await accept(shop.client, body())).toMatchObject({ total_created: 0, total_skipped: 2 });
    await recover();
    expect((await statuses()).toSorted()).toEqual(['CANCELED', 'CANCELED', 'PENDING', 'PENDING']);
    expect(await usedToday(gateway, shop.keyId)).toBe(2);
    const [, first] = await requests();
    expect((await submit('k')).body).toMatchObject({ request_id: first.request_id, total_created: 2 });
  });

  it('that was not committed keeps what it took until it is dead, and no longer', async () => {
    commit(false, new StoreFailure('unavailable', new Error('no answer')));
    expectError(await submit(), 503, 'store_unavailable');
    expect(await used()).toBe(2);
    expectError(await submit(), 503, 'busy');
    gateway.clock.advance(61);
    await recover();
    expect(await used()).toBe(0);
    expect(await accept(shop.client, body())).toMatchObject({ total_created: 2, total_skipped: 0 });
    expect(await requests()).toHaveLength(1);
  });

  it('is not answered as accepted before its messages are there, and is finished later', async () => {
    const failure = new StoreFailure('unavailable', new Error('no answer'));
    jest.spyOn(gateway.get(MessagesRepository), 'insertMissing').mockRejectedValueOnce(failure);
    expectError(await submit('k'), 503, 'store_unavailable');
    expect(await statuses()).toEqual([]);
    await recover();
    expect(await statuses()).toEqual(['PENDING', 'PENDING']);
    expect((await submit('k')).body).toMatchObject({ total_created: 2 });
    expect(await requests()).toHaveLength(1);
  });

  it('is waited for by a gateway that stops, also for what comes after its answer', async () => {
    const repository = gateway.get(RequestsRepository);
    const markExpanded = repository.markExpanded.bind(repository);
    const order: string[] = [];
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(repository, 'markExpanded').mockImplementationOnce(async (...request) => {
      await held;
      await markExpanded(...request);
      order.push('finished');
    });
    expect((await submit()).status).toBe(201);
    const stopped = gateway
      .get(Expansion)
      .onApplicationShutdown()
      .then(() => order.push('stopped'));
    await requests();
    goOn();
    await stopped;
    expect(order).toEqual(['finished', 'stopped']);
  });
});
