import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CallbacksWorker } from '../../src/callbacks/callbacks.worker.js';
import { CarrierInbox } from '../../src/carriers/carrier-inbox.js';
import { StoreFailure } from '../../src/common/store-failure.js';
import { InboundHandlers, type Handled, type InboundHandler } from '../../src/inbound/inbound-handlers.js';
import type { InboundDoc } from '../../src/inbound/inbound-message.js';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { Callback } from '../fakes/callback-sender.js';
import { onlyByHand, withoutTimer } from '../support/by-hand.js';
import { must } from '../support/people.js';
import { OUR_NUMBER, Providers } from '../support/providers.js';
import { openShop, registerPhone, type Shop } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

const SENDER = '+12025550142';

describe('texts that carriers receive', () => {
  let providers: Providers;
  let shop: Shop;

  beforeAll(async () => {
    providers = await Providers.start({ JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(providers.gateway);
    await onlyByHand(providers.gateway.get(CallbacksWorker));
    await onlyByHand(providers.gateway.get(InboundWorker));
  });
  afterAll(() => providers.stop());

  const listed = async (query: string, by = shop.client) => must(200, await by.get(`/inbound-messages?${query}`)).items;
  const deliver = async ({ method, url, headers, body }: Callback) => {
    expect((await fetch(url, { method, headers, body })).status).toBe(200);
  };
  async function receive(carrier: 'twilio' | 'flowroute', text: string, from = SENDER, more = {}): Promise<void> {
    providers.gateway.clock.advance(1);
    const { twilio, flowroute, urls } = providers;
    if (carrier === 'twilio')
      await deliver(twilio.inboundCallback(twilio.receive(from, OUR_NUMBER, text, more), urls.twilioInbound));
    else {
      const received = flowroute.receive(from.slice(1), OUR_NUMBER.slice(1), text);
      await deliver(flowroute.inboundCallback(received, urls.flowrouteInbound, more));
    }
  }

  it('name their carrier, their channel and the number that they were sent to', async () => {
    const { clock } = providers.gateway;
    const files = { NumMedia: '2', OptOutType: 'STOP' };
    await receive('twilio', 'Xin chào 👋', SENDER, files);
    await receive('flowroute', 'Hello', SENDER, { timestamp: '2126-11-16T23:45:29.37Z' });
    await providers.workThrough();
    const [second, first] = await listed(`from=${encodeURIComponent(SENDER)}`);
    expect(first).toEqual({
      id: expect.stringMatching(/^inb_/),
      agent_id: null,
      carrier: 'twilio',
      channel: 'sms',
      from: SENDER,
      to: OUR_NUMBER,
      text: 'Xin chào 👋',
      media: 2,
      keyword: 'stop',
      sim_slot: null,
      external_id: providers.twilio.received.at(-1)!.sid,
      received_at: expect.any(String),
      created_at: clock.now().toISOString(),
    });
    expect(second).toEqual({
      id: expect.stringMatching(/^inb_/),
      agent_id: null,
      carrier: 'flowroute',
      channel: 'sms',
      from: SENDER,
      to: OUR_NUMBER,
      text: 'Hello',
      sim_slot: null,
      external_id: providers.flowroute.received.at(-1)!.id,
      received_at: '2126-11-16T23:45:29.370Z',
      created_at: clock.now().toISOString(),
    });
  });

  it('are stored once, however often and by whichever way they come', async () => {
    const { twilio, flowroute, urls, gateway } = providers;
    const [from, text] = ['+12025550143', 'once'];
    const received = flowroute.receive(from.slice(1), OUR_NUMBER.slice(1), text);
    const callbacks = [
      flowroute.inboundCallback(received, urls.flowrouteInbound),
      flowroute.flatInboundCallback(received, urls.flowrouteInbound),
    ];
    await Promise.all([...callbacks, ...callbacks].map(deliver));
    await providers.workThrough();
    // Read from the provider's list later, when nobody remembers the callback any more.
    await gateway.store.collection('callbacks').deleteMany({});
    const [row] = await gateway.store.collection<InboundDoc>('inbound_messages').find({ from });
    await gateway.get(CarrierInbox).put([
      {
        tenant: row!.tenant_id,
        carrier: 'flowroute',
        accountId: flowroute.accessKey,
        event: { kind: 'inbound', ref: received.id, channel: 'sms', from, to: OUR_NUMBER, text, received_at: null },
      },
    ]);
    await providers.workThrough();
    expect(await listed(`from=${encodeURIComponent(from)}`)).toHaveLength(1);
    expect(twilio.received.every(({ from: other }) => other !== from)).toBe(true);
  });

  it('are found by carrier, channel and number, newest first, beside those of phones', async () => {
    const from = '+12025550144';
    const query = `from=${encodeURIComponent(from)}`;
    const texts = async (more: string) => (await listed(`${query}&${more}`)).map(({ text }: { text: string }) => text);
    await receive('twilio', 't1', from);
    await receive('flowroute', 'f1', from);
    await providers.workThrough();
    await receive('twilio', 'w1', `whatsapp:${from}`);
    await providers.workThrough();
    providers.gateway.clock.advance(1);
    const received_at = providers.gateway.clock.now().toISOString();
    const phone = await registerPhone(providers.gateway);
    must(200, await phone.api.post('/agent/messages/inbound', { messages: [{ from, text: 'p1', received_at }] }));
    expect(await texts('')).toEqual(['p1', 'w1', 'f1', 't1']);
    expect(await texts('carrier=twilio')).toEqual(['w1', 't1']);
    expect(await texts('carrier=nobody')).toEqual([]);
    expect(await texts('channel=whatsapp')).toEqual(['w1']);
    expect(await texts('channel=sms')).toEqual(['p1', 'f1', 't1']);
    expect(await texts(`to=${encodeURIComponent(OUR_NUMBER)}&carrier=flowroute`)).toEqual(['f1']);
    expect(await texts('to=+12065550101')).toEqual([]);
    expect(await texts(`agent_id=${phone.agentId}`)).toEqual(['p1']);
    for (const bad of ['carrier=Twilio%20Inc', 'channel=fax', `to=${'1'.repeat(41)}`])
      expect((await shop.client.get(`/inbound-messages?${bad}`)).status).toBe(400);
    const other = await openTenantShop(providers.gateway, 'other');
    expect(await listed('carrier=twilio', other.client)).toEqual([]);
  });

  it('go to the tenant whose account it is, by the URL that it was told once', async () => {
    const { flowroute, gateway } = providers;
    const theirs = await openTenantShop(gateway, 'theirs');
    const ours = flowroute.accessKey;
    flowroute.accessKey = 'their-access-key';
    const account = { access_key: flowroute.accessKey, secret_key: flowroute.secretKey, from: '+12065550177' };
    const set = await theirs.admin.put('/admin/carriers/flowroute', account);
    flowroute.accessKey = ours;
    must(200, set);
    const from = '+12025550145';
    const received = flowroute.receive(from.slice(1), '12065550177', 'for them');
    await deliver(flowroute.inboundCallback(received, set.body.callback_urls.inbound));
    await providers.workThrough();
    const query = `from=${encodeURIComponent(from)}`;
    expect(await listed(query, theirs.client)).toMatchObject([{ carrier: 'flowroute', to: '+12065550177' }]);
    expect(await listed(query)).toEqual([]);
    const shown = must(200, await theirs.admin.get('/admin/carriers/flowroute'));
    expect(shown.callback_urls.inbound).toMatch(/\{callback_token\}\/inbound$/);
    expect(shown.callback_urls.inbound).not.toBe(set.body.callback_urls.inbound);
  });

  describe('and their handlers', () => {
    let asked: string[];
    let failing: Record<string, () => Error>;
    const handlers: InboundHandler[] = [];
    const handler = (name: string, order: number, answer: (text: InboundDoc) => Handled): InboundHandler => ({
      name,
      order,
      handle: (text) => {
        asked.push(`${name} ${text.text}`);
        const failure = failing[text.text];
        return failure ? Promise.reject(failure()) : Promise.resolve(answer(text));
      },
    });

    beforeAll(() => {
      // Registered in another order than they are asked in.
      handlers.push(
        handler('last', 102, () => 'pass'),
        handler('first', 101, ({ text }) => (text === 'mine' ? 'taken' : 'pass')),
      );
      for (const one of handlers) providers.gateway.get(InboundHandlers).register(one);
    });
    beforeEach(async () => {
      [asked, failing] = [[], {}];
      await providers.workThrough();
      asked = [];
    });
    const waiting = () =>
      providers.gateway.store.collection<InboundDoc>('inbound_messages').count({ handle_at: { $exists: true } });

    it('ask each in its order until one takes the text, texts of phones, too', async () => {
      await receive('twilio', 'mine');
      await receive('flowroute', 'hello');
      await providers.gateway.get(CallbacksWorker).run();
      expect(asked).toEqual([]);
      expect(await waiting()).toBe(2);
      const received_at = providers.gateway.clock.now().toISOString();
      const messages = [{ from: SENDER, text: 'from a phone', received_at }];
      must(200, await shop.phone.api.post('/agent/messages/inbound', { messages }));
      await providers.workThrough();
      expect(asked).toEqual(['first mine', 'first hello', 'last hello', 'first from a phone', 'last from a phone']);
      must(200, await shop.phone.api.post('/agent/messages/inbound', { messages }));
      await providers.workThrough();
      expect(asked).toHaveLength(5);
      expect(await waiting()).toBe(0);
    });

    it('that fail get the text again, with growing pauses, and hold up no other; then it is parked', async () => {
      const { gateway } = providers;
      failing['bad'] = () => new Error('cannot handle it');
      await receive('twilio', 'bad');
      await receive('twilio', 'good');
      const [begun, tries] = [gateway.clock.now().getTime(), [] as number[]];
      for (let second = 0; second <= 12 * 60; second += 5) {
        const before = asked.filter((one) => one === 'first bad').length;
        await providers.workThrough();
        if (asked.filter((one) => one === 'first bad').length > before)
          tries.push((gateway.clock.now().getTime() - begun) / 1000);
        gateway.clock.advance(5);
      }
      expect(tries).toEqual([0, 5, 15, 35, 75, 155, 315, 635]);
      expect(asked.filter((one) => one.endsWith('good'))).toEqual(['first good', 'last good']);
      const [parked] = must(200, await shop.admin.get('/admin/parked')).items;
      expect(parked).toMatchObject({ kind: 'inbound', reason: 'cannot handle it' });
      expect(await listed('carrier=twilio&limit=2')).toMatchObject([{ text: 'good' }, { id: parked.id, text: 'bad' }]);
      [asked, failing] = [[], {}];
      must(200, await shop.admin.post(`/admin/parked/${parked.id}/retry`));
      await providers.workThrough();
      expect(asked).toEqual(['first bad', 'last bad']);
      expect(await waiting()).toBe(0);
    });

    it('wait for a store that fails, which is no text’s fault', async () => {
      failing['x'] = () => new StoreFailure('unavailable', new Error('away'));
      await receive('twilio', 'x');
      for (let i = 0; i < 10; i++) await providers.workThrough();
      expect(must(200, await shop.admin.get('/admin/parked')).items).toEqual([]);
      failing = {};
      asked = [];
      await providers.workThrough();
      expect(asked).toEqual(['first x', 'last x']);
    });

    it('get after a crash what nobody handled before it', async () => {
      await receive('twilio', 'before the crash');
      const { gateway } = providers;
      await gateway.get(CallbacksWorker).run();
      // The handlers of this test register only once the gateway has started; no turn may be faster.
      const soon = new Date(gateway.clock.now().getTime() + 60_000);
      const texts = gateway.store.collection<InboundDoc>('inbound_messages');
      await texts.updateOne({ text: 'before the crash' }, { $set: { handle_at: soon } });
      await gateway.restart();
      for (const one of handlers) gateway.get(InboundHandlers).register(one);
      gateway.clock.advance(60);
      // By itself, and once.
      const patience = { timeout: 10_000 };
      await waitFor(() => expect(asked).toEqual(['first before the crash', 'last before the crash']), patience);
      await waitFor(async () => expect(await waiting()).toBe(0), patience);
    });

    it('are asked at once, without waiting for the worker’s next turn', async () => {
      withoutTimer(providers.gateway.get(InboundWorker));
      await receive('flowroute', 'now');
      await waitFor(() => expect(asked).toEqual(['first now', 'last now']));
    });
  });
});
