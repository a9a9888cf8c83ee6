import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import {
  accept,
  messagesOf,
  messagesTo,
  numberOf,
  requestOf,
  sendOne,
  statusOf,
  usedToday,
} from '../support/sending.js';
import { approvedTemplate, createKey, lease, openShop, report, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const WINDOW = 180;

describe('the same text to the same number', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '3', AGENT_RATE_LIMIT_PER_MIN: '100000' });
    shop = await openShop(gateway);
  });
  afterAll(() => gateway.stop());

  const send = (messages: readonly unknown[], client: Api = shop.client, extra: Record<string, unknown> = {}) =>
    accept(client, requestOf(shop, messages, extra));
  const created = async (code: string, client?: Api) => (await send(messagesTo(1, code), client)).total_created;

  it('is stored as CANCELED with DUPLICATE_RECENT and counted as skipped', async () => {
    await send(messagesTo(2, 'stored'));
    const body = await send(messagesTo(3, 'stored'));
    expect(body).toMatchObject({ total_created: 1, total_skipped: 2, total_segments: 1 });
    const messages = await messagesOf(shop.client, body.request_id);
    expect(messages.map(({ status, last_error }) => [status, last_error])).toEqual([
      ['CANCELED', 'DUPLICATE_RECENT'],
      ['CANCELED', 'DUPLICATE_RECENT'],
      ['PENDING', null],
    ]);
    const shown = await shop.client.get(`/requests/${body.request_id}`);
    expect(shown.body.status_counts).toEqual({ CANCELED: 2, PENDING: 1 });
    const jobs = await lease(shop.phone, 200);
    expect(jobs.filter((job) => job.text === 'Ma OTP stored').map((job) => job.to)).toEqual([0, 1, 2].map(numberOf));
  });

  it('is a duplicate until the window of the first is over, whatever came in between', async () => {
    expect(await created('window')).toBe(1);
    gateway.clock.advance(WINDOW - 1);
    expect(await created('window')).toBe(0);
    gateway.clock.advance(1);
    expect(await created('window')).toBe(1);
    expect(await created('window')).toBe(0);
  });

  it('is judged by the rendered text and the number in E.164', async () => {
    await created('same');
    const template_id = await approvedTemplate(shop.admin, '{ALL}');
    const typed = [{ to: '0901 000 000', variables: { ALL: 'Ma OTP same' } }];
    expect(await send(typed, shop.client, { template_id })).toMatchObject({ total_created: 0 });
    const others = [
      { to: numberOf(0), variables: { CODE: 'Same' } },
      { to: numberOf(1), variables: { CODE: 'same' } },
    ];
    expect(await send(others)).toMatchObject({ total_created: 2 });
  });

  it('is a duplicate within one request too', async () => {
    const [message] = messagesTo(1, 'twice');
    const body = await send([message, ...messagesTo(1, 'twice', 5), message, message]);
    expect(body).toMatchObject({ total_created: 2, total_skipped: 2 });
    const statuses = (await messagesOf(shop.client, body.request_id)).map(({ status }) => status);
    expect(statuses).toEqual(['PENDING', 'PENDING', 'CANCELED', 'CANCELED']);
  });

  it('does not count against the day', async () => {
    const key = await createKey(shop.admin, ['sms:send', 'sms:read'], 6);
    const client = gateway.api.withKey(key.plain_key);
    const [message] = messagesTo(1, 'free');
    await send([message, message, ...messagesTo(1, 'free', 1)], client);
    expect(await usedToday(gateway, key.id)).toBe(2);
    await send(messagesTo(3, 'free'), client);
    expect(await usedToday(gateway, key.id)).toBe(3);
    expect(await send(messagesTo(3, 'more'), client)).toMatchObject({ total_created: 3 });
    expect((await client.post('/requests', requestOf(shop, messagesTo(1, 'over')))).status).toBe(429);
  });

  it('may be sent again when the earlier one was canceled', async () => {
    const first = await sendOne(shop, 'canceled');
    await shop.client.post(`/messages/${first.message_id}/cancel`);
    const second = await sendOne(shop, 'canceled');
    expect(second.status).toBe('PENDING');
    expect((await sendOne(shop, 'canceled')).status).toBe('CANCELED');
    await shop.client.post(`/requests/${second.request_id}/cancel`);
    expect((await sendOne(shop, 'canceled')).status).toBe('PENDING');
  });

  it('may be sent again when the earlier one failed, and not when it was sent', async () => {
    const first = await sendOne(shop, 'failed');
    await lease(shop.phone, 200);
    await report(shop.phone, first.message_id, 'SENDING');
    expect((await sendOne(shop, 'failed')).status).toBe('CANCELED');
    await report(shop.phone, first.message_id, 'FAILED', { error: { code: 'NO_SIGNAL' } });
    const second = await sendOne(shop, 'failed');
    expect(second.status).toBe('PENDING');
    await report(shop.phone, second.message_id, 'SENT');
    expect((await sendOne(shop, 'failed')).status).toBe('CANCELED');
    await report(shop.phone, second.message_id, 'DELIVERED');
    expect((await sendOne(shop, 'failed')).status).toBe('CANCELED');
  });

  it('stays a duplicate of the live one when a duplicate is what was canceled', async () => {
    const first = await sendOne(shop, 'chain');
    const second = await sendOne(shop, 'chain');
    expect(second.status).toBe('CANCELED');
    expect((await sendOne(shop, 'chain')).status).toBe('CANCELED');
    expect(await statusOf(shop.client, first.message_id)).toBe('PENDING');
  });

  it('is a duplicate of one that was sent again by hand', async () => {
    const first = await sendOne(shop, 'by hand');
    await shop.client.post(`/messages/${first.message_id}/cancel`);
    const again = await shop.client.post(`/messages/${first.message_id}/resend`);
    expect(again.body).toMatchObject({ total_created: 1, resend_of: first.message_id });
    expect((await sendOne(shop, 'by hand')).status).toBe('CANCELED');
    await shop.client.post(`/requests/${again.body.request_id}/cancel`);
    expect((await sendOne(shop, 'by hand')).status).toBe('PENDING');
  });

  it('is a duplicate for every key of the tenant and for none of another', async () => {
    const key = await createKey(shop.admin, ['sms:send']);
    const other = await openTenantShop(gateway, 'duplicates');
    expect(await created('tenant')).toBe(1);
    expect(await created('tenant', gateway.api.withKey(key.plain_key))).toBe(0);
    expect((await sendOne(other, 'tenant')).status).toBe('PENDING');
  });

  it('is accepted once when it arrives many times at once', async () => {
    const same = await Promise.all(Array.from({ length: 12 }, () => send(messagesTo(3, 'storm'))));
    expect(same.reduce((sum, body) => sum + body.total_created, 0)).toBe(3);
    expect(same.reduce((sum, body) => sum + body.total_skipped, 0)).toBe(33);
    // In turned order each would wait for what the other holds.
    const there = messagesTo(40, 'crossed');
    const back = there.toReversed();
    const crossed = await Promise.all(Array.from({ length: 8 }, (_, i) => send(i % 2 ? there : back)));
    expect(crossed.reduce((sum, body) => sum + body.total_created, 0)).toBe(40);
  });
});

describe('with ANTI_DUP_MINUTES=0', () => {
  it('nothing is a duplicate', async () => {
    const gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    try {
      const shop = await openShop(gateway);
      const body = requestOf(shop, [...messagesTo(1), ...messagesTo(1)]);
      for (let i = 0; i < 2; i++)
        expect((await shop.client.post('/requests', body)).body).toMatchObject({ total_created: 2, total_skipped: 0 });
    } finally {
      await gateway.stop();
    }
  });
});
