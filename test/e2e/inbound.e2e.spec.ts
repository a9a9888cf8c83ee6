import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../support/gateway.js';
import { createKey, openShop, registerPhone, type Phone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const AT = '2126-11-21T09:59:00Z';

describe('texts that phones receive', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: Phone;

  const tell = (messages: unknown, by = phone) => by.api.post('/sms/agent/messages/inbound', { messages });
  const listed = async (query = `agent_id=${phone.agentId}`) =>
    (await shop.client.get(`/inbound-messages?${query}`)).body.items;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    shop = await openShop(gateway);
  });
  beforeEach(async () => {
    phone = await registerPhone(gateway);
  });
  afterAll(() => gateway.stop());

  it('are stored as they came, numbers in one form', async () => {
    const { status, body } = await tell([
      {
        from: '0901 234 567',
        to: '+84907654321',
        text: 'Xin chào 👋\nline two',
        received_at: '2126-11-21T16:59:00.250+07:00',
        sim_slot: 1,
        external_id: 'sms-1',
        unknown_field: true,
      },
    ]);
    expect(status).toBe(200);
    expect(body).toEqual({
      stored: 1,
      duplicates: 0,
      results: [{ result: 'stored', id: expect.stringMatching(/^inb_/) }],
    });
    expect(await listed()).toEqual([
      {
        id: body.results[0].id,
        agent_id: phone.agentId,
        carrier: null,
        channel: 'sms',
        from: '+84901234567',
        to: '+84907654321',
        text: 'Xin chào 👋\nline two',
        sim_slot: 1,
        external_id: 'sms-1',
        received_at: '2126-11-21T09:59:00.250Z',
        created_at: gateway.clock.now().toISOString(),
      },
    ]);
  });

  it('are known again by phone, sender, time and text', async () => {
    const text = { from: '+84901234567', text: 'YES', received_at: AT };
    const first = await tell([text]);
    expect(first.body.stored).toBe(1);
    const again = await tell([
      { ...text, from: '0901234567', received_at: '2126-11-21T16:59:00+07:00', external_id: 'another' },
      { ...text, text: 'yes' },
      { ...text, from: '+84901234568' },
      { ...text, received_at: '2126-11-21T09:59:01Z' },
      { ...text, text: 'yes' },
    ]);
    expect(again.body).toMatchObject({ stored: 3, duplicates: 2 });
    expect(again.body.results.map(({ result }: { result: string }) => result)).toEqual([
      'duplicate',
      'stored',
      'stored',
      'stored',
      'duplicate',
    ]);
    expect(await listed()).toHaveLength(4);
    // Another phone may have received the same.
    const other = await registerPhone(gateway);
    expect((await tell([text], other)).body.stored).toBe(1);
  });

  it('are stored once when they are told many times at once', async () => {
    const text = { from: '+84901234567', text: 'STOP', received_at: AT };
    const told = await Promise.all(Array.from({ length: 10 }, () => tell([text])));
    expect(told.filter(({ body }) => body.stored === 1)).toHaveLength(1);
    expect(await listed()).toHaveLength(1);
  });

  it('are found by phone and by sender, newest first, page by page', async () => {
    const texts = ['1', '2', '3'].map((text) => ({ from: '+84909999999', text, received_at: AT }));
    await tell([...texts, { from: '+84908888888', text: '4', received_at: AT }]);
    const textsOf = (items: { text: string }[]) => items.map(({ text }) => text);
    expect(textsOf(await listed())).toEqual(['4', '3', '2', '1']);
    for (const typed of ['%2B84909999999', '+84909999999', '0909999999', '84909999999']) {
      expect(textsOf(await listed(`agent_id=${phone.agentId}&from=${typed}`))).toEqual(['3', '2', '1']);
    }
    const page = (await shop.client.get(`/inbound-messages?agent_id=${phone.agentId}&limit=3`)).body;
    expect(page.count).toBe(3);
    const next = await shop.client.get(`/inbound-messages?agent_id=${phone.agentId}&limit=3&cursor=${page.next}`);
    expect(textsOf(next.body.items)).toEqual(['1']);
  });

  it.each([['VIETTEL'], ['My Bank'], ['9029'], ['195']])('keep the sender %s, and are found by it', async (from) => {
    await tell([{ from, text: 'Your balance is low', received_at: AT }]);
    const [stored] = await listed();
    expect(stored.from).toBe(from);
    expect(await listed(`agent_id=${phone.agentId}&from=${encodeURIComponent(from)}`)).toEqual([stored]);
    expect(await listed(`agent_id=${phone.agentId}&from=SOMEBODY`)).toEqual([]);
  });

  it.each(['yesterday', '2026-02-30T10:00:00Z', '', '1700000000', 1_700_000_000_000])(
    'are kept, each once, when one came at %j, and count as received now',
    async (received_at) => {
      const odd = { from: '+84901234567', text: 'odd', received_at };
      const texts = [{ from: '+84901234567', text: 'good', received_at: AT }, odd, { ...odd, external_id: '2' }];
      const { status, body } = await tell(texts);
      expect({ status, stored: body.stored }).toEqual({ status: 200, stored: 3 });
      expect(body.results[0]).not.toHaveProperty('ignored');
      expect(body.results[1]).toMatchObject({ result: 'stored', ignored: ['received_at'] });
      gateway.clock.advance(60);
      expect((await tell(texts)).body).toMatchObject({ stored: 0, duplicates: 3 });
      const kept = (await listed()).filter(({ text }: any) => text === 'odd');
      expect(kept.map(({ received_at: at }: any) => at)).toEqual([kept[0].created_at, kept[0].created_at]);
    },
  );

  it('are kept although something beside them can’t be right', async () => {
    const text = { from: '+84901234567', text: 'x', received_at: AT };
    const { body } = await tell([{ ...text, sim_slot: 16, to: 7, external_id: [] }]);
    expect(body.results).toEqual([
      { result: 'stored', id: body.results[0].id, ignored: ['to', 'sim_slot', 'external_id'] },
    ]);
    expect(await listed()).toMatchObject([{ text: 'x', to: null, sim_slot: null, external_id: null }]);
  });

  it('are kept with half of a character or a NUL, as U+FFFD', async () => {
    const body = `{"messages":[{"from":"9029","text":"a\\ud83d b\\u0000 \\ud83d\\ude00","received_at":"${AT}"}]}`;
    expect((await phone.api.post('/agent/messages/inbound', body)).body.stored).toBe(1);
    expect((await listed())[0].text).toBe('a\ufffd b\ufffd \u{1f600}');
  });

  it('that can’t be read are answered as invalid with the reason, and keep no other from being stored', async () => {
    const text = { from: '+84901234567', text: 'x', received_at: AT };
    const bad: [unknown, string][] = [
      [{ ...text, from: '' }, 'from: must not be empty'],
      [{ ...text, from: 84901234567 }, 'from: must be a string'],
      [{ ...text, text: undefined }, 'text: is required'],
      [{ ...text, received_at: undefined }, 'received_at: is required'],
      [null, 'must be an object'],
    ];
    const { status, body } = await tell([...bad.map(([entry]) => entry), text]);
    expect({ status, stored: body.stored }).toEqual({ status: 200, stored: 1 });
    expect(body.results).toEqual([
      ...bad.map(([, reason]) => ({ result: 'invalid', reason })),
      { result: 'stored', id: body.results.at(-1).id },
    ]);
    expect(await listed()).toHaveLength(1);
    for (const none of [[], undefined, {}, 'x']) {
      const refused = await tell(none);
      expect({ status: refused.status, field: refused.body.details[0].field }).toEqual({
        status: 400,
        field: 'messages',
      });
    }
  });

  it('may be empty', async () => {
    expect((await tell([{ from: '+84901234567', text: '', received_at: AT }])).body.stored).toBe(1);
    expect(await listed()).toMatchObject([{ text: '' }]);
  });

  it('are for readers of their tenant only', async () => {
    await tell([{ from: '+84901234567', text: 'secret', received_at: AT }]);
    const other = await openTenantShop(gateway, 'other');
    expect((await other.client.get('/inbound-messages')).body).toEqual({ items: [], count: 0 });
    expect((await other.admin.get(`/inbound-messages?agent_id=${phone.agentId}`)).body.items).toEqual([]);
    const writer = await createKey(shop.admin, ['sms:send']);
    expect((await gateway.api.withKey(writer.plain_key).get('/inbound-messages')).status).toBe(403);
    expect((await phone.api.get('/inbound-messages')).status).toBe(403);
    expect((await shop.client.post('/agent/messages/inbound', { messages: [] })).status).toBe(403);
    expect((await shop.client.get('/inbound-messages?agent_id=nonsense')).status).toBe(400);
  });
});
