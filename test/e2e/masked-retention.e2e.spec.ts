import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InboundDoc } from '../../src/inbound/inbound-message.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { RetentionWorker } from '../../src/retention/retention.worker.js';
import { TestGateway } from '../support/gateway.js';
import { PhonePool, tenantOf } from '../support/masked.js';
import { hear } from '../support/opt-outs.js';
import { must } from '../support/people.js';
import { sendOne } from '../support/sending.js';
import { lease, openShop, registerPhone, report, type Phone, type Shop } from '../support/shop.js';

const DAY = 86_400;

describe('the texts of masked conversations', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let pool: PhonePool;
  let a: string;
  let b: string;
  let people = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '100000', JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(gateway);
    // The shop's own phone has no number of the pool.
    pool = new PhonePool(gateway, await tenantOf(gateway), await registerPhone(gateway));
    await pool.add('+84906000001');
  });
  beforeEach(async () => {
    gateway.clock.advance(3600);
    [a, b] = [1, 2].map(() => `+84905${String(100_000 + ++people)}`) as [string, string];
    await pool.open([a, b]);
    await pool.sends();
  });
  afterAll(() => gateway.stop());

  const days = (blank_relayed_texts_after_days: number | null) =>
    shop.admin.put('/admin/settings', { blank_relayed_texts_after_days });
  const pass = () => gateway.get(RetentionWorker).run();
  const received = async (from: string) =>
    (await gateway.store.collection<InboundDoc>('inbound_messages').find({ from }, { sort: { _id: 1 } })).map(
      ({ text }) => text,
    );
  const sendAll = async (phone: Phone) => {
    for (const { message_id } of await lease(phone)) await report(phone, message_id, 'SENT');
  };

  it('stay as long as all texts where nothing else is said', async () => {
    must(200, await days(null));
    await pool.hear(a, 'Hello');
    await pool.sends();
    gateway.clock.advance(400 * DAY);
    await pass();
    expect([await received(a), await pool.textsTo(b)]).toEqual([['Hello'], ['Hello']]);
  });

  it('go at the next turn once they have gone out, and all others stay', async () => {
    must(200, await days(0));
    const { message_id } = await sendOne(shop, 'ordinary');
    await sendAll(shop.phone);
    await hear(gateway, shop.phone, { from: b, text: 'to the shop itself' });
    await pool.hear(a, 'gone out');
    await pool.sends();
    await pool.hear(b, 'on its way');
    gateway.clock.advance(1);
    await pass();
    const at = gateway.clock.now();
    expect(await pool.messagesTo(b)).toMatchObject([{ text: '', text_blanked_at: at, status: 'SENT' }]);
    expect(await received(a)).toEqual(['']);
    // What waits is still sent, as it was written.
    expect(await received(b)).toEqual(['to the shop itself', '']);
    expect(await pool.sends()).toEqual([{ to: a, text: 'on its way' }]);
    gateway.clock.advance(1);
    await pass();
    expect(await pool.messagesTo(a)).toMatchObject([{ text: '', status: 'SENT' }]);
    // Once only: nothing of it is met again.
    expect(await pool.messagesTo(b)).toMatchObject([{ text_blanked_at: at }]);
    const left = { masked_text: true } as const;
    expect(await gateway.store.collection<MessageDoc>('sms_messages').find(left)).toEqual([]);
    expect(await gateway.store.collection<InboundDoc>('inbound_messages').find(left)).toEqual([]);
    expect(must(200, await shop.client.get(`/messages/${message_id}`)).text).toContain('ordinary');
    const { items } = must(200, await shop.client.get(`/inbound-messages?from=${encodeURIComponent(b)}`));
    expect(items.map(({ text }: { text: string }) => text)).toEqual(['', 'to the shop itself']);
    expect(JSON.stringify(items)).not.toContain('masked_text');
  });

  it('go after the days that are said', async () => {
    must(200, await days(3));
    await pool.hear(a, 'Hello');
    await pool.sends();
    gateway.clock.advance(3 * DAY - 60);
    await pass();
    expect([await received(a), await pool.textsTo(b)]).toEqual([['Hello'], ['Hello']]);
    gateway.clock.advance(120);
    await pass();
    expect([await received(a), await pool.textsTo(b)]).toEqual([[''], ['']]);
  });

  it('are not kept longer than all texts are', async () => {
    must(200, await days(30));
    must(200, await shop.admin.put('/admin/settings', { blank_texts_after_days: 1 }));
    await pool.hear(a, 'Hello');
    await pool.sends();
    gateway.clock.advance(2 * DAY);
    await pass();
    expect([await received(a), await pool.textsTo(b)]).toEqual([[''], ['']]);
    expect(await gateway.store.collection<MessageDoc>('sms_messages').find({ masked_text: true })).toEqual([]);
  });

  it('go however many there are', async () => {
    must(200, await days(0));
    const texts = Array.from({ length: 210 }, (_, i) => ({
      from: a,
      text: `No. ${i}`,
      received_at: gateway.clock.now().toISOString(),
    }));
    for (let i = 0; i < texts.length; i += 70) {
      const answer = await pool.phone.api.post('/agent/messages/inbound', { messages: texts.slice(i, i + 70) });
      must(200, answer);
    }
    await hear(gateway, pool.phone, { from: a, text: 'the last' });
    for (let sent = await pool.sends(); sent.length > 0; sent = await pool.sends()) gateway.clock.advance(1);
    gateway.clock.advance(1);
    await pass();
    expect(new Set([...(await received(a)), ...(await pool.textsTo(b))])).toEqual(new Set(['']));
  });
});
