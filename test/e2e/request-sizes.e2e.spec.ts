import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { accept, messagesTo, numberOf, requestOf, usedToday } from '../support/sending.js';
import { approvedTemplate, openShop, type Shop } from '../support/shop.js';

const MIB = 1024 * 1024;

describe('the size of a request', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway, { dailyLimit: 100_000, content: 'Mã xác thực: {CODE}' });
  });
  afterAll(() => gateway.stop());

  async function readAll(requestId: string): Promise<any[]> {
    const items = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const cursor: string = next && `&cursor=${next}`;
      const { body } = await shop.client.get(`/messages?request_id=${requestId}&limit=500${cursor}`);
      items.push(...body.items);
      next = body.next;
    }
    return items;
  }

  it('is up to 5,000 recipients, all of them there, in their order, with what each costs', async () => {
    // With the template's 13 characters: 70 units of UCS-2 are one segment, 71 and 134 two, 135 three.
    const lengths = [1, 57, 58, 121, 122];
    const messages = Array.from({ length: 5000 }, (_, i) => ({
      to: numberOf(i),
      variables: { CODE: 'x'.repeat(lengths[i % 5]!) },
    }));
    const accepted = await accept(shop.client, requestOf(shop, messages));
    expect(accepted).toMatchObject({ total_created: 5000, total_skipped: 0, total_segments: 9000 });

    const stored = await readAll(accepted.request_id);
    expect(stored.map(({ to }) => to)).toEqual(messages.map(({ to }) => to));
    expect(new Set(stored.map(({ created_at }) => created_at)).size).toBe(1);
    expect(stored.slice(0, 5).map(({ segments, encoding }) => [segments, encoding])).toEqual(
      [1, 1, 2, 2, 3].map((segments) => [segments, 'UCS-2']),
    );
    expect(stored.reduce((sum, { segments }) => sum + segments, 0)).toBe(9000);
    expect(stored[4999].text).toBe(`Mã xác thực: ${'x'.repeat(122)}`);
    expect(await usedToday(gateway, shop.keyId)).toBe(5000);

    const canceled = await shop.client.post(`/requests/${accepted.request_id}/cancel`);
    expect(canceled.body).toMatchObject({ canceled: 5000, status_counts: { CANCELED: 5000 } });
  });

  it('is that of its body: one long text for 5,000 recipients is kept once', async () => {
    // Three bytes a character: copied to every recipient it would be 24 MB.
    const text = '你'.repeat(1600);
    const template_id = await approvedTemplate(shop.admin, '{ALL}{CODE}');
    const accepted = await accept(
      shop.client,
      requestOf(shop, messagesTo(5000, ''), { template_id, variables: { ALL: text } }),
    );
    expect(accepted.total_created).toBe(5000);
    const { body } = await shop.client.get(`/messages?request_id=${accepted.request_id}&limit=1&skip=4999`);
    expect(body.items[0]).toMatchObject({ to: numberOf(4999), text });
  });

  it('is 8 MiB at most', async () => {
    const body = JSON.stringify(requestOf(shop, messagesTo(1, 'padded')));
    const padded = (bytes: number) => body + ' '.repeat(bytes - body.length);
    const refused = await shop.client.post('/requests', padded(8 * MIB + 1));
    expect([refused.status, refused.body.code]).toEqual([413, 'body_too_large']);
    expect((await shop.client.post('/requests', padded(8 * MIB))).status).toBe(201);
  });
});
