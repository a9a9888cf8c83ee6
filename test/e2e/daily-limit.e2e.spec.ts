import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { messagesTo, requestOf, usedToday } from '../support/sending.js';
import { createKey, openShop, type Shop } from '../support/shop.js';

describe('the daily limit of a key', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '3', JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  let code = 0;
  /** `count` messages that were never sent before. */
  const post = (client: Api, count: number) =>
    client.post('/requests', requestOf(shop, messagesTo(count, `day ${++code}`)));
  const statusesOf = async (client: Api, ...counts: number[]) => {
    const statuses: number[] = [];
    for (const count of counts) statuses.push((await post(client, count)).status);
    return statuses;
  };
  async function keyWith(limit: number) {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], limit);
    return { ...key, client: gateway.api.withKey(key.plain_key) };
  }

  it('can be used up to the last message, and a request over it is refused whole', async () => {
    const { client, id } = await keyWith(5);
    expect(await statusesOf(client, 3, 3, 2, 1)).toEqual([201, 429, 201, 429]);
    expect(await usedToday(gateway, id)).toBe(5);
    expect((await client.get('/requests')).body.count).toBe(2);
    expect((await client.get('/messages/all')).body.count).toBe(5);
  });

  it('refuses what no day could take', async () => {
    const { client, id } = await keyWith(5);
    expect(await statusesOf(client, 6, 5)).toEqual([429, 201]);
    expect(await usedToday(gateway, id)).toBe(5);
  });

  it('says when the count starts again', async () => {
    const { client } = await keyWith(1);
    const secondsLeft = () => 86_400 - (Math.floor(gateway.clock.now().getTime() / 1000) % 86_400);
    const midnight = new Date(gateway.clock.now().getTime() + secondsLeft() * 1000).toISOString();
    for (const seconds of [0, 3600.5]) {
      gateway.clock.advance(seconds);
      const refused = await post(client, 2);
      expect(refused.status).toBe(429);
      expect(refused.body.code).toBe('daily_limit');
      expect(refused.body.message).toContain(midnight);
      expect(refused.headers.get('retry-after')).toBe(String(secondsLeft()));
    }
  });

  it('starts again at midnight UTC and not a moment before', async () => {
    const { client, id } = await keyWith(2);
    expect(await statusesOf(client, 2)).toEqual([201]);
    gateway.clock.set(`${gateway.clock.now().toISOString().slice(0, 10)}T23:59:59.999Z`);
    const refused = await post(client, 1);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    gateway.clock.advance(0.001);
    expect(await statusesOf(client, 1, 2, 1)).toEqual([201, 429, 201]);
    expect(await usedToday(gateway, id)).toBe(2);
  });

  it('gives back what turned out to be duplicates', async () => {
    const { client, id } = await keyWith(4);
    const body = requestOf(shop, messagesTo(2, 'given back'));
    for (let i = 0; i < 4; i++) {
      expect((await client.post('/requests', body)).status).toBe(201);
      expect(await usedToday(gateway, id)).toBe(2);
    }
    expect(await statusesOf(client, 2, 1)).toEqual([201, 429]);
  });

  it('keeps what was accepted and canceled later', async () => {
    const { client, id } = await keyWith(1);
    const accepted = await post(client, 1);
    await client.post(`/requests/${accepted.body.request_id}/cancel`);
    expect(await statusesOf(client, 1)).toEqual([429]);
    expect(await usedToday(gateway, id)).toBe(1);
  });

  it('holds when requests arrive at once', async () => {
    const { client, id } = await keyWith(7);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(client, 2)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(17);
    expect(await usedToday(gateway, id)).toBe(6);
    expect((await client.get('/messages/all')).body.count).toBe(6);
  });

  it('is each key’s own, and can be raised at once', async () => {
    const one = await keyWith(1);
    const other = await keyWith(1);
    expect(await statusesOf(one.client, 1, 1)).toEqual([201, 429]);
    expect(await statusesOf(other.client, 1)).toEqual([201]);
    await shop.admin.patch(`/admin/api-keys/${one.id}`, { rate_limit_per_day: 2 });
    expect(await statusesOf(one.client, 1, 1)).toEqual([201, 429]);
  });

  it('is not for users', async () => {
    const limited = await TestGateway.start({ APIKEY_RATE_LIMIT_PER_DAY_DEFAULT: '1' });
    try {
      const small = await openShop(limited);
      const body = (text: string) => requestOf(small, messagesTo(2, text));
      expect((await small.client.post('/requests', body('key'))).status).toBe(429);
      for (const text of ['a', 'b']) expect((await small.admin.post('/requests', body(text))).status).toBe(201);
    } finally {
      await limited.stop();
    }
  });
});
