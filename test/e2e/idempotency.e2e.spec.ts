import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { expectStatus, fieldsOf, messagesTo, numberOf, requestOf, sendOne } from '../support/sending.js';
import { createKey, openShop, registerPhone, type Shop } from '../support/shop.js';

const DAY = 86_400;

describe('an Idempotency-Key', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0', JWT_ACCESS_MINUTES: '100000' });
    shop = await openShop(gateway, { dailyLimit: 1000 });
  });
  afterAll(() => gateway.stop());

  const post = (key: string, body: unknown, client: Api = shop.client) =>
    client.post('/requests', body, { 'idempotency-key': key });
  const countOf = async (client: Api) => (await client.get('/requests?limit=500')).body.count;

  it('makes the same request one request, with the first answer each time', async () => {
    const before = await countOf(shop.client);
    const body = requestOf(shop, messagesTo(3));
    const first = await post('same', body);
    expect(first.status).toBe(201);
    gateway.clock.advance(3600);
    const second = await post('same', body);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(await countOf(shop.client)).toBe(before + 1);
    expect((await shop.client.get(`/messages?request_id=${first.body.request_id}`)).body.count).toBe(3);
  });

  it('gives the first answer also when the template, the phone or the limit would refuse now', async () => {
    const { body: template } = await shop.admin.post('/templates', { name: 't', content: 'A {CODE}' });
    await shop.admin.post(`/templates/${template.id}/approve`);
    const phone = await registerPhone(gateway);
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 2);
    const client = gateway.api.withKey(key.plain_key);
    const body = { template_id: template.id, agent_id: phone.agentId, messages: messagesTo(2) };
    const first = await post('later', body, client);
    expect(first.status).toBe(201);
    await shop.admin.put(`/templates/${template.id}`, { content: 'B {CODE}' });
    expect((await post('later', body, client)).body).toEqual(first.body);
    await shop.admin.delete(`/templates/${template.id}`);
    await shop.admin.post(`/admin/agents/${phone.agentId}/unregister`, {});
    const again = await post('later', body, client);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await countOf(client)).toBe(1);
  });

  it('with another body is a conflict', async () => {
    await post('reused', requestOf(shop, messagesTo(1)));
    const other = await post('reused', requestOf(shop, messagesTo(2)));
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('is free again after a refusal', async () => {
    const bad = [
      requestOf(shop, [{ to: 'nobody' }]),
      requestOf(shop, messagesTo(1001)),
      requestOf(shop, messagesTo(1), { agent_id: `agt_${'0'.repeat(26)}` }),
    ];
    const statuses: number[] = [];
    for (const body of bad) statuses.push((await post('refused', body)).status);
    expect(statuses).toEqual([400, 429, 404]);
    expect((await post('refused', requestOf(shop, messagesTo(1)))).status).toBe(201);
  });

  it('is each principal’s own', async () => {
    const other = gateway.api.withKey((await createKey(shop.admin, ['sms:send'])).plain_key);
    const ids = new Set<string>();
    for (const [i, client] of [shop.client, other, shop.admin].entries())
      ids.add(expectStatus(201, await post('shared', requestOf(shop, messagesTo(i + 1)), client)).body.request_id);
    expect(ids.size).toBe(3);
  });

  it('is kept for 24 hours', async () => {
    const body = requestOf(shop, messagesTo(1));
    const first = await post('day', body);
    gateway.clock.advance(DAY - 1);
    expect((await post('day', body)).body).toEqual(first.body);
    gateway.clock.advance(1);
    const second = await post('day', requestOf(shop, messagesTo(2)));
    expect(second.status).toBe(201);
    expect(second.body.request_id).not.toBe(first.body.request_id);
    gateway.clock.advance(DAY - 1);
    expect((await post('day', requestOf(shop, messagesTo(2)))).body).toEqual(second.body);
  });

  it('must be printable, without spaces and not too long', async () => {
    for (const key of ['', 'a b', 'x'.repeat(201), 'caf\u00e9']) {
      const refused = await post(key, requestOf(shop, messagesTo(1)));
      expect([refused.status, ...fieldsOf(refused)]).toEqual([400, 'Idempotency-Key']);
    }
    expect((await post('x'.repeat(200), requestOf(shop, messagesTo(1)))).status).toBe(201);
  });

  it('sent twenty times at once makes exactly one request', async () => {
    const before = await countOf(shop.client);
    const body = requestOf(shop, messagesTo(50));
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('storm', body)));
    const accepted = answers.filter(({ status }) => status === 201);
    const others = answers.filter(({ status }) => status !== 201);
    expect(new Set(accepted.map(({ body: { request_id } }) => request_id)).size).toBe(1);
    for (const { status, body: error, headers } of others) {
      expect([status, error.code]).toEqual([409, 'idempotency_in_flight']);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await countOf(shop.client)).toBe(before + 1);
    expect((await post('storm', body)).body).toEqual(accepted[0]!.body);
  });

  it('works for sending again, too', async () => {
    const message = await sendOne(shop, 'resent');
    await shop.client.post(`/messages/${message.message_id}/cancel`);
    const resend = () =>
      shop.client.post(`/messages/${message.message_id}/resend`, undefined, { 'idempotency-key': 'again' });
    const first = await resend();
    expect(first.status).toBe(201);
    expect((await resend()).body).toEqual(first.body);
    const other = await post('again', requestOf(shop, [{ to: numberOf(0), variables: { CODE: '1' } }]));
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
  });
});
