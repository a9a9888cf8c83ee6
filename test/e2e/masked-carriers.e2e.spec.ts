import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { OwnTexts } from '../../src/messages/own-texts.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { NewSession } from '../../src/proxy/new-session.js';
import { Pool } from '../../src/proxy/pool.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { Sessions } from '../../src/proxy/sessions.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import type { Callback } from '../fakes/callback-sender.js';
import { twilioError } from '../fakes/twilio.js';
import { openedOf, tenantOf } from '../support/masked.js';
import { Providers } from '../support/providers.js';
import { waitFor } from '../support/wait-for.js';

const TWILIO = ['+12065550121', '+12065550122'];
const FLOWROUTE = '+12065550131';

describe('a masked conversation through carriers', () => {
  let providers: Providers;
  let tenant: TenantId;
  let a: string;
  let b: string;
  let people = 0;

  beforeAll(async () => {
    providers = await Providers.start({ NUMBER_POOL: JSON.stringify(TWILIO), ORG_NAME: 'Safe Ride' });
    tenant = await tenantOf(providers.gateway);
    const owner = { carrier: 'flowroute' };
    await pool().add(tenant, { number: FLOWROUTE, owner, channels: ['sms'], mode: 'exclusive' });
  });
  beforeEach(async () => {
    providers.gateway.clock.advance(1);
    [a, b] = [1, 2].map(() => `+1202555${String(1000 + ++people)}`) as [string, string];
    for (const { _id } of await sessions().list(tenant, 'open', 100)) await sessions().close(tenant, _id);
  });
  afterAll(() => providers.stop());

  const pool = () => providers.gateway.get(Pool);
  const sessions = () => providers.gateway.get(Sessions);
  const order = (more: Partial<NewSession> = {}): NewSession => ({
    participants: [a, b].map((address) => ({ address, channel: 'sms' as const })),
    numbers: 'one',
    ...more,
  });
  const open = async (more: Partial<NewSession> = {}) => openedOf(await sessions().open(tenant, order(more)));
  const deliver = async ({ method, url, headers, body }: Callback) => {
    expect((await fetch(url, { method, headers, body })).status).toBe(200);
    await providers.workThrough();
  };
  const toTwilio = (from: string, to: string, text: string) =>
    deliver(providers.twilio.inboundCallback(providers.twilio.receive(from, to, text), providers.urls.twilioInbound));
  const toFlowroute = (from: string, text: string) => {
    const received = providers.flowroute.receive(from.slice(1), FLOWROUTE.slice(1), text);
    return deliver(providers.flowroute.flatInboundCallback(received, providers.urls.flowrouteInbound));
  };
  /** What a provider has taken for a number, once there are so many. */
  const takenBy = (fake: 'twilio' | 'flowroute', to: string, count: number) =>
    waitFor(() => {
      const taken = providers[fake].taken.filter((one) => one.to.endsWith(to.slice(1)));
      expect(taken).toHaveLength(count);
      return taken.map(({ from, text }) => ({ from, text }));
    });
  const messagesTo = (to: string) =>
    providers.gateway.store.collection<MessageDoc>('sms_messages').find({ to }, { sort: { _id: 1 } });
  /** What has become due is looked at again. */
  async function pass(seconds: number): Promise<void> {
    providers.gateway.clock.advance(seconds);
    await providers.gateway.get(QueueWorker).run();
    await providers.gateway.get(DispatchersWorker).run();
  }

  it('has one exclusive number: both are told, both see it alone', async () => {
    const { participants, _id } = await open({ startText: 'Begin.' });
    expect(participants.map(({ tn }) => tn)).toEqual([FLOWROUTE, FLOWROUTE]);
    const start = { from: FLOWROUTE.slice(1), text: '[SAFE RIDE]: Begin.' };
    expect([await takenBy('flowroute', a, 1), await takenBy('flowroute', b, 1)]).toEqual([[start], [start]]);
    expect(await pool().list(tenant)).toContainEqual(
      expect.objectContaining({ number: FLOWROUTE, sessions: 1, sessionId: _id }),
    );
    await toFlowroute(a, 'Where are you?');
    expect((await takenBy('flowroute', b, 2))[1]).toEqual({ from: FLOWROUTE.slice(1), text: 'Where are you?' });
    await toFlowroute(b, 'Round the corner');
    expect((await takenBy('flowroute', a, 2))[1]).toEqual({ from: FLOWROUTE.slice(1), text: 'Round the corner' });
    const third = await sessions().open(tenant, {
      ...order(),
      participants: ['+12025559991', '+12025559992'].map((address) => ({ address, channel: 'sms' as const })),
    });
    expect(third).toEqual({ exhausted: null });
    await sessions().close(tenant, _id, 'Over.');
    expect((await takenBy('flowroute', b, 3))[2]!.text).toBe('[SAFE RIDE]: Over.');
    await toFlowroute(b, 'Thanks');
    expect((await takenBy('flowroute', b, 4))[3]!.text).toBe('[SAFE RIDE]: An active session was not found.');
  });

  it('has a number each where that is asked for, by WhatsApp as well', async () => {
    const participants = [
      { address: a, channel: 'sms' as const },
      { address: b, channel: 'whatsapp' as const },
    ];
    const session = await open({ participants, numbers: 'each' });
    const [mine, theirs] = session.participants.map(({ tn }) => tn) as [string, string];
    expect(TWILIO).toContain(mine);
    await toTwilio(a, mine, 'Hello');
    expect(await takenBy('twilio', b, 1)).toEqual([{ from: `whatsapp:${theirs}`, text: 'Hello' }]);
    await toTwilio(`whatsapp:${b}`, `whatsapp:${theirs}`, 'Hi');
    expect(await takenBy('twilio', a, 1)).toEqual([{ from: mine, text: 'Hi' }]);
    // Neither message has the other's number anywhere.
    for (const [to, other] of [[a, b] as const, [b, a] as const])
      expect(JSON.stringify(await messagesTo(to))).not.toContain(other.slice(1));
    // Both numbers are taken by these two, so a third session of one of them needs a third number.
    await open({ participants, numbers: 'each' });
    expect(await sessions().open(tenant, { ...order(), participants, numbers: 'each' })).toMatchObject({
      // The exclusive number can't send WhatsApp.
      exhausted: b,
    });
  });

  it('isn’t opened when the carrier refuses a start text: the number is free and nobody else is told', async () => {
    providers.flowroute.next({}, { reply: { status: 400, body: { errors: [{ detail: 'No.', status: 400 }] } } });
    const opened = await sessions().open(tenant, order({ startText: 'Begin.' }));
    expect(opened).toEqual({ failed: expect.any(String) });
    expect((opened as { failed: string }).failed).not.toContain(b.slice(1));
    expect(await sessions().list(tenant, 'open', 10)).toEqual([]);
    expect(await pool().list(tenant)).toContainEqual(expect.objectContaining({ number: FLOWROUTE, sessions: 0 }));
    expect((await open()).participants[0]!.tn).toBe(FLOWROUTE);
  });

  it('keeps its order when a text is put off', async () => {
    await open();
    providers.flowroute.next({ reply: { status: 429, body: { errors: [] }, headers: { 'retry-after': '30' } } });
    await toFlowroute(a, 'first');
    const waits = (text: string, code: string) =>
      waitFor(
        async () => {
          const message = (await messagesTo(b)).find((one) => one.text === text);
          expect(message!.waiting).toMatchObject({ code });
        },
        { timeout: 5000 },
      );
    await waits('first', 'http_429');
    await toFlowroute(a, 'second');
    await pass(3);
    await waits('second', 'order');
    expect(providers.flowroute.taken.filter(({ to }) => to === b.slice(1))).toEqual([]);
    await waitFor(
      async () => {
        await pass(31);
        expect((await takenBy('flowroute', b, 2)).map(({ text }) => text)).toEqual(['first', 'second']);
      },
      { timeout: 10_000 },
    );
  });

  it('tells who wrote a text that the carrier refuses', async () => {
    await open();
    providers.flowroute.next({ reply: { status: 422, body: { errors: [{ detail: 'No.', status: 422 }] } } });
    await toFlowroute(a, 'lost');
    await waitFor(async () => expect(await messagesTo(b)).toMatchObject([{ status: 'FAILED' }]));
    for (let i = 0; i < 2; i++) {
      await pass(6);
      await providers.gateway.get(SessionsWorker).run();
    }
    const told = { from: FLOWROUTE.slice(1), text: '[SAFE RIDE]: Your message could not be delivered.' };
    expect(await takenBy('flowroute', a, 1)).toEqual([told]);
  });

  it('tells who sent a picture alone that it was not passed on', async () => {
    const { participants } = await open({ numbers: 'each' });
    const { twilio, urls } = providers;
    const picture = twilio.receive(a, participants[0]!.tn, '', { NumMedia: '1' });
    await deliver(twilio.inboundCallback(picture, urls.twilioInbound));
    const told = { from: participants[0]!.tn, text: '[SAFE RIDE]: Your message could not be delivered.' };
    expect(await takenBy('twilio', a, 1)).toEqual([told]);
    expect(await messagesTo(b)).toEqual([]);
  });

  it('relays a long text whole', async () => {
    const { participants } = await open({ numbers: 'each' });
    const tn = participants[0]!.tn;
    const text = `${'x'.repeat(1599)}👋${'y'.repeat(100)}`;
    await toTwilio(a, tn, text);
    const parts = await waitFor(
      async () => {
        await pass(3);
        return takenBy('twilio', b, 2);
      },
      { timeout: 10_000 },
    );
    expect(parts.map(({ text }) => text).join('')).toBe(text);
  });

  it.each([
    ['first', [true, false, false]],
    ['second', [false, true, false]],
    ['second and third', [false, true, true]],
  ])('tells who wrote a long text once when its %s part is refused', async (_, refused) => {
    const { participants } = await open({ numbers: 'each' });
    const no = { reply: twilioError(400, 21211, 'Invalid number') };
    providers.twilio.next(...refused.map((one) => (one ? no : {})));
    await toTwilio(a, participants[0]!.tn, 'x'.repeat(3300));
    const ends = refused.map((one) => (one ? 'FAILED' : 'DELIVERED')).sort();
    await waitFor(
      async () => {
        await pass(2);
        expect((await messagesTo(b)).map(({ status }) => status).sort()).toEqual(ends);
      },
      { timeout: 10_000 },
    );
    for (let i = 0; i < 3; i++) {
      await pass(10);
      await providers.gateway.get(SessionsWorker).run();
    }
    const text = '[SAFE RIDE]: Your message could not be delivered.';
    expect((await messagesTo(a)).map((message) => message.text)).toEqual([text]);
  });

  it('relays what is missing of a long text whose gateway died between its parts', async () => {
    const { participants } = await open({ numbers: 'each' });
    const texts = providers.gateway.get(OwnTexts);
    const send = texts.send.bind(texts);
    const dying = jest.spyOn(texts, 'send');
    dying.mockImplementationOnce(send).mockImplementationOnce(() => Promise.reject(new Error('died')));
    const text = `${'x'.repeat(1600)}${'y'.repeat(1600)}z`;
    await toTwilio(a, participants[0]!.tn, text);
    dying.mockRestore();
    await pass(6);
    await providers.gateway.get(InboundWorker).run();
    const parts = await waitFor(
      async () => {
        await pass(3);
        return takenBy('twilio', b, 3);
      },
      { timeout: 10_000 },
    );
    expect(parts.map(({ text }) => text).join('')).toBe(text);
  });

  it('that nobody has left open is found in no list of open ones', async () => {
    await open({ expiresAt: new Date(providers.gateway.clock.now().getTime() + 1000) });
    providers.gateway.clock.advance(2);
    expect(await sessions().list(tenant, 'open', 10)).toEqual([]);
    const [last] = (await sessions().list(tenant, 'closed', 1)) as SessionDoc[];
    expect(last!.participants.map(({ address }) => address)).toEqual([a, b]);
  });
});
