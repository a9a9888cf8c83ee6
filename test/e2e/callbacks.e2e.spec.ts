import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallbacksRepository } from '../../src/callbacks/callbacks.repository.js';
import { CallbacksWorker } from '../../src/callbacks/callbacks.worker.js';
import type { CallbackDoc } from '../../src/callbacks/callback.js';
import { StoreFailure } from '../../src/common/store-failure.js';
import { ReceiptPollWorker } from '../../src/dispatch/receipt-poll.worker.js';
import { Receipts } from '../../src/dispatch/receipts.js';
import type { Callback } from '../fakes/callback-sender.js';
import { byHand, onlyByHand, withoutTimer } from '../support/by-hand.js';
import type { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { OUR_NUMBER, Providers, PUBLIC_URL } from '../support/providers.js';
import { readMetrics } from '../support/read-metrics.js';
import { accept, messagesOf, messagesTo } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
const MINUTE = 60;

describe('callbacks of providers', () => {
  let providers: Providers;
  let shop: Shop;
  let code = 0;

  beforeAll(async () => {
    providers = await Providers.start({ ANTI_DUP_MINUTES: '0', JWT_ACCESS_MINUTES: '1000000' });
    shop = await openShop(providers.gateway);
  });
  beforeEach(() => stopTurns(providers.gateway));
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => providers.stop());

  /** Not even a callback starts a turn. */
  async function stopTurns(gateway: TestGateway): Promise<void> {
    await onlyByHand(gateway.get(CallbacksWorker));
    // Nor is anything asked for meanwhile.
    await byHand(gateway.get(ReceiptPollWorker));
  }
  const stored = () => providers.gateway.store.collection<CallbackDoc>('callbacks');
  const waiting = () => stored().count({ due_at: { $exists: true } });
  const post = async (callback: Callback) => {
    const { method, url, headers, body } = callback;
    const answer = await fetch(url, { method, headers, body });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };
  /** A text that the carrier has taken. */
  async function sent(carrier: 'twilio' | 'flowroute') {
    const body = { template_id: shop.templateId, route: `carrier:${carrier}`, messages: messagesTo(1, `${++code}`) };
    const { request_id } = await accept(shop.client, body);
    const [{ message_id }] = await messagesOf(shop.client, request_id);
    const fake = providers[carrier];
    await waitFor(() => expect(fake.taken.at(-1)?.attempt ?? '').toContain(message_id));
    await waitFor(async () => expect((await shown(message_id)).status).toBe('SENDING'));
    return { id: message_id as string, text: fake.taken.at(-1)! };
  }
  const shown = async (id: string) => must(200, await shop.admin.get(`/messages/${id}`));

  it('move the message that they are about, once they are worked through', async () => {
    const { id, text } = await sent('twilio');
    const answer = await post(providers.twilio.statusCallback(text, 'sent'));
    expect(answer).toEqual({ status: 200, type: expect.stringMatching(/^text\/xml/), body: EMPTY });
    expect((await shown(id)).status).toBe('SENDING');
    await providers.workThrough();
    expect((await shown(id)).status).toBe('SENT');
    await post(providers.twilio.statusCallback(text, 'delivered'));
    await providers.workThrough();
    expect((await shown(id)).status).toBe('DELIVERED');
  });

  it('never move it back, in whichever order they come', async () => {
    const { id, text } = await sent('flowroute');
    const { flowroute } = providers;
    const receipt = (level: number, status: string, of: number | null) =>
      post(flowroute.receiptCallback(text, { level, status, code: of }));
    expect(await receipt(2, 'delivered', 1004)).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    await receipt(1, 'smsc submit', null);
    await receipt(2, 'gone fishing', 9999);
    await providers.workThrough();
    expect(await shown(id)).toMatchObject({ status: 'DELIVERED' });
    expect(await waiting()).toBe(0);
  });

  it('are kept once, however often they come', async () => {
    const { text } = await sent('flowroute');
    const before = await readMetrics(providers.gateway.api);
    const callback = providers.flowroute.receiptCallback(text, { level: 2, status: 'delivered', code: 1004 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(callback)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    // The same code as text is the same.
    await post(providers.flowroute.receiptCallback(text, { level: 2, status: 'delivered', code: '1004' }));
    expect(await waiting()).toBe(1);
    const apply = jest.spyOn(providers.gateway.get(Receipts), 'apply');
    await providers.workThrough();
    await post(callback);
    await providers.workThrough();
    expect(apply).toHaveBeenCalledTimes(1);
    const counted = async (fate: string) => {
      const labels = { carrier: 'flowroute', fate };
      const now = await readMetrics(providers.gateway.api);
      return now.sum('trunkline_callbacks_total', labels) - before.sum('trunkline_callbacks_total', labels);
    };
    expect([await counted('stored'), await counted('duplicate')]).toEqual([1, 11]);
    // What is worked through keeps no text and no number.
    const row = (await stored().find({}, { sort: { _id: -1 }, limit: 1 }))[0]!;
    expect(Object.keys(row).toSorted()).toEqual(
      ['_id', 'account_id', 'carrier', 'dedupe', 'purge_at', 'received_at', 'tenant_id', 'tries'].toSorted(),
    );
  });

  it('that overtake the answer find their message by its attempt', async () => {
    providers.flowroute.next({ early: true, delayMillis: 50 });
    const { id, text } = await sent('flowroute');
    expect(providers.flowroute.callbacks.answers.at(-1)).toMatchObject({ status: 200 });
    await providers.workThrough();
    expect((await shown(id)).status).toBe('SENT');
    expect(text.attempt).toContain(id);
  });

  it('that belong to no message wait for it an hour, with growing pauses, and are let go', async () => {
    const { gateway, flowroute, urls } = providers;
    const nobodys = { ref: 'mdr2-nobody', text: 'x', callbackUrl: urls.flowrouteReceipt };
    const callback = flowroute.receiptCallback(nobodys, { level: 2, status: 'delivered', code: 1004 });
    await post(callback);
    const apply = jest.spyOn(gateway.get(Receipts), 'apply');
    const tries = () => apply.mock.calls.filter(([, { ref }]) => ref === 'mdr2-nobody').length;
    const [from, pauses] = [gateway.clock.now().getTime(), [] as number[]];
    for (let second = 0; second <= 61 * MINUTE; second += 5) {
      const before = tries();
      await providers.workThrough();
      if (tries() > before) pauses.push((gateway.clock.now().getTime() - from) / 1000);
      gateway.clock.advance(5);
    }
    expect(pauses).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1235, 1835, 2435, 3035, 3600]);
    expect(await waiting()).toBe(0);
    expect((await readMetrics(gateway.api)).sum('trunkline_callbacks_total', { fate: 'let_go' })).toBe(1);
    // Told again, it is tried again.
    await post(callback);
    expect(await waiting()).toBe(1);
    await stored().deleteMany({ due_at: { $exists: true } });
  });

  it('that came before their message was known find it later', async () => {
    const { text, id } = await sent('twilio');
    const apply = jest.spyOn(providers.gateway.get(Receipts), 'apply').mockResolvedValueOnce('unknown');
    await post(providers.twilio.statusCallback(text, 'delivered'));
    await providers.workThrough();
    expect((await shown(id)).status).toBe('SENDING');
    providers.gateway.clock.advance(5);
    await providers.workThrough();
    expect(apply).toHaveBeenCalledTimes(2);
    expect((await shown(id)).status).toBe('DELIVERED');
  });

  it('are not lost when the gateway dies before it has worked them through, nor done twice when it dies after', async () => {
    const { gateway, twilio } = providers;
    const { id, text } = await sent('twilio');
    await post(twilio.statusCallback(text, 'delivered'));
    // A turn that dies after the first half of its work: the message is moved, and nobody has written that it is.
    const repository = gateway.get(CallbacksRepository);
    jest.spyOn(repository, 'done').mockRejectedValueOnce(new StoreFailure('unavailable', new Error('away')));
    await providers.workThrough();
    expect(await waiting()).toBe(1);
    await providers.gateway.restart();
    await stopTurns(gateway);
    shop = await openShop(gateway);
    await providers.workThrough();
    expect(await waiting()).toBe(0);
    const { status, history } = await shown(id);
    expect(status).toBe('DELIVERED');
    expect(history.filter(({ to }: { to: string }) => to === 'DELIVERED')).toHaveLength(1);
  });

  it('hold up no other when one can’t be worked on, and go on once it is let go', async () => {
    const { gateway, twilio } = providers;
    const [bad, good] = [await sent('twilio'), await sent('twilio')];
    for (const { text } of [bad, good]) {
      await post(twilio.statusCallback(text, 'delivered'));
      gateway.clock.advance(1);
    }
    const row = (await stored().find({ due_at: { $exists: true } }, { sort: { _id: 1 } }))[0]!;
    await stored().updateOne({ _id: row._id }, { $unset: { event: '' } });
    await providers.workThrough();
    expect([(await shown(bad.id)).status, (await shown(good.id)).status]).toEqual(['SENDING', 'DELIVERED']);
    expect(must(200, await shop.admin.get('/admin/parked')).items).toMatchObject([{ id: row._id, kind: 'callback' }]);
    await stored().updateOne({ _id: row._id }, { $set: { event: row.event } });
    must(200, await shop.admin.post(`/admin/parked/${row._id}/retry`));
    await providers.workThrough();
    expect((await shown(bad.id)).status).toBe('DELIVERED');
    expect(must(200, await shop.admin.get('/admin/parked')).items).toEqual([]);
    expect(await stored().findOne({ _id: row._id })).not.toHaveProperty('due_at');
  });

  it('are worked through at once, without waiting for the worker’s next turn', async () => {
    await providers.gateway.restart();
    shop = await openShop(providers.gateway);
    // No turn comes by itself.
    withoutTimer(providers.gateway.get(CallbacksWorker));
    const { id, text } = await sent('flowroute');
    await post(providers.flowroute.receiptCallback(text, { level: 2, status: 'delivered', code: 1004 }));
    await waitFor(async () => expect((await shown(id)).status).toBe('DELIVERED'));
  });

  it('are signed over the URL as it was called, whichever slashes it has', async () => {
    const { urls, twilio, gateway } = providers;
    const fields = { AccountSid: twilio.accountSid, From: '+12065550143', To: OUR_NUMBER, Body: 'slashes' };
    const paths = ['//carriers/twilio/inbound', '/carriers//twilio/inbound/', '/sms//carriers/twilio/inbound'];
    for (const [i, path] of paths.entries()) {
      const signed = twilio.callback(PUBLIC_URL + path, { ...fields, MessageSid: `SM8${i}` });
      expect((await post({ ...signed, url: gateway.url + path })).status).toBe(200);
      const other = twilio.callback(urls.twilioInbound, { ...fields, MessageSid: `SM9${i}` });
      expect((await post({ ...other, url: gateway.url + path })).status).toBe(403);
    }
  });

  it('are kept in whichever encoding they come, and with half of a character', async () => {
    const { urls, twilio, gateway } = providers;
    const flowroute = (id: string, body: string) =>
      `{"id":"${id}","from":"12065550142","to":"12065550100","body":"${body}"}`;
    const types = ['application/json', 'application/json; charset=iso-8859-1'];
    for (const [i, type] of types.entries()) {
      const body = Buffer.from(flowroute(`mdr2-latin-${i}`, 'Café'), 'latin1');
      const init = { method: 'POST', headers: { 'content-type': type }, body };
      expect((await fetch(urls.flowrouteInbound.replace(PUBLIC_URL, gateway.url), init)).status).toBe(200);
    }
    const half = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: flowroute('mdr2-half', 'a\\ud83d'),
    };
    expect((await fetch(urls.flowrouteInbound.replace(PUBLIC_URL, gateway.url), half)).status).toBe(200);
    // Signed over what is read of it.
    const fields = { AccountSid: twilio.accountSid, MessageSid: 'SM78', From: '+12065550142', To: OUR_NUMBER };
    const signed = twilio.callback(urls.twilioInbound, { ...fields, Body: 'Caf\ufffd' });
    const answer = await post({
      ...signed,
      url: signed.url.replace(PUBLIC_URL, gateway.url),
      body: signed.body.replace('%EF%BF%BD', '%E9'),
    });
    expect(answer.status).toBe(200);
    await providers.workThrough();
    const { items } = must(200, await shop.admin.get('/inbound-messages?from=%2B12065550142'));
    const texts = items.map(({ text }: { text: string }) => text).sort();
    expect(texts).toEqual(['Café', 'Café', 'Caf\ufffd', 'a\ufffd'].sort());
  });

  it('may lack the account where the URL names it', async () => {
    const { twilio, urls } = providers;
    const fields = { MessageSid: 'SM1', MessageStatus: 'delivered', To: OUR_NUMBER };
    const url = `${urls.twilioStatus}?account=${twilio.accountSid}`;
    expect(await post(twilio.callback(url, fields))).toMatchObject({ status: 200 });
    expect(await post(twilio.callback(urls.twilioStatus, fields))).toMatchObject({ status: 400 });
    await stored().deleteMany({ due_at: { $exists: true } });
  });

  // One gateway alone has the embedded store.
  (process.env['E2E_STORE'] === 'mongo' ? it : it.skip)('are harmed by no second gateway', async () => {
    const { gateway, twilio } = providers;
    const second = await gateway.beside();
    await stopTurns(second);
    const { id, text } = await sent('twilio');
    await Promise.all([
      post(twilio.statusCallback(text, 'delivered')),
      post({
        ...twilio.statusCallback(text, 'delivered'),
        url: twilio.statusCallback(text, 'x').url.replace(gateway.url, second.url),
      }),
    ]);
    await Promise.all([providers.workThrough(), providers.workThrough(second)]);
    const { status, history } = await shown(id);
    expect(status).toBe('DELIVERED');
    expect(history.filter(({ to }: { to: string }) => to === 'DELIVERED')).toHaveLength(1);
    expect(await waiting()).toBe(0);
    await second.stop();
  });
});
