import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { accept, fieldsOf, messagesTo, numberOf, requestOf } from '../support/sending.js';
import { createKey, lease, openShop, registerPhone, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

interface Item {
  message_id: string;
  to: string;
}

describe('lists of messages', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  async function newKey(): Promise<Api> {
    return gateway.api.withKey((await createKey(shop.admin, ['sms:send', 'sms:read'])).plain_key);
  }
  const numbersOf = async (client: Api, path: string): Promise<string[]> =>
    (await client.get(path)).body.items.map((item: Item) => item.to);
  /** Follows `next` to the end; `between` is done after each page. */
  async function readAll(client: Api, path: string, between?: () => Promise<unknown>): Promise<Item[][]> {
    const pages: Item[][] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const { status, body } = await client.get(path + (next && `&cursor=${next}`));
      expect([status, body.count]).toEqual([200, body.items.length]);
      pages.push(body.items);
      next = body.next;
      await between?.();
    }
    return pages;
  }

  describe('of one request', () => {
    it('need its id', async () => {
      expect(fieldsOf(await shop.client.get('/messages'))).toEqual(['request_id']);
      for (const id of ['', 'x', 'msg_01jd0000000000000000000000'])
        expect((await shop.client.get(`/messages?request_id=${id}`)).status).toBe(400);
    });

    it('are in the order of the request, page by page', async () => {
      const { request_id } = await accept(shop.client, requestOf(shop, messagesTo(1200)));
      const order = messagesTo(1200).map(({ to }) => to);
      const path = `/messages?request_id=${request_id}`;
      expect(await numbersOf(shop.client, path)).toEqual(order.slice(0, 50));
      expect(await numbersOf(shop.client, `${path}&limit=500&skip=900`)).toEqual(order.slice(900));
      expect(await numbersOf(shop.client, `${path}&limit=10&skip=1200`)).toEqual([]);
      const pages = await readAll(shop.client, `${path}&limit=500`);
      expect(pages.map((page) => page.length)).toEqual([500, 500, 200]);
      expect(pages.flat().map(({ to }) => to)).toEqual(order);
    });

    it('can be filtered too', async () => {
      const { request_id } = await accept(shop.client, requestOf(shop, messagesTo(3)));
      const path = `/messages?request_id=${request_id}`;
      const all = (await shop.client.get(path)).body.items;
      await shop.client.post(`/messages/${all[1].message_id}/cancel`);
      expect(await numbersOf(shop.client, `${path}&status=CANCELED`)).toEqual([numberOf(1)]);
      expect(await numbersOf(shop.client, `${path}&status=PENDING`)).toEqual([numberOf(0), numberOf(2)]);
      expect(await numbersOf(shop.client, `${path}&to=0901000002`)).toEqual([numberOf(2)]);
    });

    it('show nothing of another key or another tenant', async () => {
      const { request_id } = await accept(shop.client, requestOf(shop, messagesTo(1)));
      const other = await openTenantShop(gateway, 'lists-request');
      for (const stranger of [await newKey(), other.client, other.admin])
        expect((await stranger.get(`/messages?request_id=${request_id}`)).body).toEqual({ items: [], count: 0 });
    });
  });

  describe('of all requests', () => {
    it('are newest first and complete, also while new ones arrive', async () => {
      const client = await newKey();
      await accept(client, requestOf(shop, messagesTo(700)));
      await accept(client, requestOf(shop, messagesTo(500, '2', 700)));
      let late = 2000;
      const pages = await readAll(client, '/messages/all?limit=250', () =>
        accept(client, requestOf(shop, messagesTo(3, '3', (late += 3)))),
      );
      expect(pages.map((page) => page.length)).toEqual([250, 250, 250, 250, 200]);
      const order = messagesTo(1200).map(({ to }) => to);
      expect(pages.flat().map(({ to }) => to)).toEqual(order.toReversed());
      expect(new Set(pages.flat().map(({ message_id }) => message_id)).size).toBe(1200);
      expect((await client.get('/messages/all?limit=500')).body.items[0].to).toBe(numberOf(late + 2));
    });

    it('can be filtered by request, status, phone and number', async () => {
      const client = await newKey();
      const phone = await registerPhone(gateway);
      const first = await accept(client, requestOf({ ...shop, phone }, messagesTo(3)));
      await accept(client, requestOf(shop, messagesTo(2)));
      const [job] = await lease(phone, 1);
      await report(phone, job!.message_id, 'SENT');
      const filtered = (query: string) => numbersOf(client, `/messages/all?${query}`);
      expect(await filtered('')).toHaveLength(5);
      expect(await filtered(`request_id=${first.request_id}`)).toEqual([0, 1, 2].map(numberOf));
      expect(await filtered('status=SENT')).toEqual([numberOf(0)]);
      expect(await filtered(`agent_id=${phone.agentId}`)).toEqual([2, 1, 0].map(numberOf));
      expect(await filtered(`agent_id=${phone.agentId}&status=PENDING`)).toEqual([2, 1].map(numberOf));
      expect(await filtered(`to=${encodeURIComponent(numberOf(1))}&status=PENDING`)).toEqual([1, 1].map(numberOf));
    });

    it('find a number however it is written, also where its plus became a space', async () => {
      const client = await newKey();
      await accept(client, requestOf(shop, messagesTo(2)));
      for (const to of [
        '+84901000001',
        '%2B84901000001',
        '%2084901000001',
        '0901000001',
        '0901%20000%20001',
        '84901000001',
      ])
        expect(await numbersOf(client, `/messages/all?to=${to}`)).toEqual([numberOf(1)]);
      await shop.admin.put('/admin/settings', { block_international: false });
      await accept(client, requestOf(shop, [{ to: '+33612345678', variables: { CODE: '1' } }]));
      await shop.admin.put('/admin/settings', { block_international: null });
      for (const to of ['+33612345678', '%2B33612345678'])
        expect(await numbersOf(client, `/messages/all?to=${to}`)).toEqual(['+33612345678']);
    });

    it('refuse filters that mean nothing', async () => {
      const wrong = {
        'status=sent': 'status',
        'agent_id=x': 'agent_id',
        'to=x': 'to',
        'request_id=x': 'request_id',
        'cursor=x': 'cursor',
        'limit=501': 'limit',
        'since=x': 'since',
      };
      for (const [query, field] of Object.entries(wrong)) {
        const refused = await shop.client.get(`/messages/all?${query}`);
        expect([refused.status, ...fieldsOf(refused)]).toEqual([400, field]);
      }
    });

    it('show a key its own and a user the tenant’s', async () => {
      const [one, two] = [await newKey(), await newKey()];
      const other = await openTenantShop(gateway, 'lists-all');
      await accept(one, requestOf(shop, messagesTo(1, '1', 4000)));
      await accept(two, requestOf(shop, messagesTo(1, '1', 4001)));
      await accept(other.client, requestOf(other, messagesTo(1, '1', 4002)));
      expect(await numbersOf(one, '/messages/all')).toEqual([numberOf(4000)]);
      expect(await numbersOf(two, '/messages/all')).toEqual([numberOf(4001)]);
      expect(await numbersOf(shop.admin, '/messages/all?limit=2')).toEqual([4001, 4000].map(numberOf));
      expect(await numbersOf(other.admin, '/messages/all')).toEqual([numberOf(4002)]);
      const writer = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
      expect((await writer.get('/messages/all')).status).toBe(403);
    });
  });
});
