import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InboundHandlers } from '../../src/inbound/inbound-handlers.js';
import type { InboundDoc } from '../../src/inbound/inbound-message.js';
import { InboundWorker } from '../../src/inbound/inbound.worker.js';
import { OwnTexts } from '../../src/messages/own-texts.js';
import { Pool } from '../../src/proxy/pool.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import { TestGateway } from '../support/gateway.js';
import { newPerson, openPool, type PhonePool, SAFE_RIDE } from '../support/masked.js';
import { registerPhone } from '../support/shop.js';

const TN = '+84906000001';

/** A shop with one phone, whose number everybody sees. */
describe('a masked conversation through a phone', () => {
  let gateway: TestGateway;
  let pool: PhonePool;
  let a: string;
  let b: string;

  beforeAll(async () => {
    gateway = await TestGateway.start(SAFE_RIDE);
    pool = await openPool(gateway);
    await pool.add(TN);
  });
  beforeEach(() => {
    gateway.clock.advance(1);
    [a, b] = [1, 2].map(newPerson) as [string, string];
  });
  afterAll(() => gateway.stop());

  const worker = () => gateway.get(SessionsWorker);
  const stored = (id: string) => gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ _id: id });

  it('is open once everybody was told, in their order, from the number that they see', async () => {
    const opening = pool.sessions.open(pool.tenant, pool.between([a, b], { startText: 'Write to your driver here.' }));
    const opened = await pool.sendsWhile(opening);
    expect(opened).toMatchObject({
      session: {
        _id: expect.stringMatching(/^[0-9a-f]{32}$/),
        state: 'open',
        participants: [
          { address: a, tn: TN, id: expect.stringMatching(/^par_/) },
          { address: b, tn: TN },
        ],
        expires_at: null,
      },
    });
    const [first, second] = [...(await pool.messagesTo(a)), ...(await pool.messagesTo(b))];
    const text = '[SAFE RIDE]: Write to your driver here.';
    expect([first, second]).toMatchObject([
      { text, status: 'SENT', client_id: 'system', purpose: 'proxy' },
      { text, status: 'SENT' },
    ]);
    expect(first!._id < second!._id).toBe(true);
    expect((opened as { session: SessionDoc }).session).not.toHaveProperty('opening_until');
  });

  it('relays both ways, verbatim, once for each text', async () => {
    await pool.open([a, b]);
    await pool.hear(a, 'Em đứng trước cổng 👋');
    expect(await pool.sends()).toEqual([{ to: b, text: 'Em đứng trước cổng 👋' }]);
    const [id] = await pool.hear(b, 'Yes');
    const [doc] = await gateway.store.collection<InboundDoc>('inbound_messages').find({ _id: id! });
    for (let i = 0; i < 3; i++) await gateway.get(InboundHandlers).handle(doc!);
    expect(await pool.sends()).toEqual([{ to: a, text: 'Yes' }]);
    expect(await pool.sends()).toEqual([]);
  });

  it('of a group names who wrote, and never by the number', async () => {
    const c = newPerson();
    const participants = [
      { address: a, channel: 'sms' as const, name: 'Lan' },
      { address: b, channel: 'sms' as const },
      { address: c, channel: 'sms' as const, name: 'Minh' },
    ];
    await pool.sessions.open(pool.tenant, { participants, numbers: 'each' });
    await pool.hear(a, 'Hello');
    expect(await pool.sends()).toEqual([
      { to: expect.any(String), text: 'Lan: Hello' },
      { to: expect.any(String), text: 'Lan: Hello' },
    ]);
    await pool.hear(b, 'Hi');
    expect(await pool.textsTo(c)).toEqual(['Lan: Hello', 'Participant 2: Hi']);
    expect(await pool.textsTo(b)).toEqual(['Lan: Hello']);
    await pool.sends();
  });

  it('relays to everybody once, also where a gateway died in the middle of it', async () => {
    const c = newPerson();
    await pool.open([a, b, c]);
    const texts = gateway.get(OwnTexts);
    const send = texts.send.bind(texts);
    const dying = jest.spyOn(texts, 'send');
    dying.mockImplementationOnce(send).mockImplementationOnce(() => Promise.reject(new Error('died')));
    await pool.hear(a, 'Hello');
    expect([await pool.textsTo(b), await pool.textsTo(c)]).toEqual([['Participant 1: Hello'], []]);
    dying.mockRestore();
    gateway.clock.advance(6);
    await gateway.get(InboundWorker).run();
    expect(await pool.textsTo(b)).toEqual(['Participant 1: Hello']);
    expect(await pool.textsTo(c)).toEqual(['Participant 1: Hello']);
    await pool.sends();
  });

  it('relays to everybody once, also where the session has expired since a gateway died in the middle of it', async () => {
    const c = newPerson();
    await pool.open([a, b, c], { inactiveSeconds: 600 });
    const texts = gateway.get(OwnTexts);
    const send = texts.send.bind(texts);
    const dying = jest.spyOn(texts, 'send');
    dying.mockImplementationOnce(send).mockImplementationOnce(() => Promise.reject(new Error('died')));
    await pool.hear(a, 'Hello');
    dying.mockRestore();
    gateway.clock.advance(601);
    await worker().run();
    await gateway.get(InboundWorker).run();
    expect([await pool.textsTo(b), await pool.textsTo(c)]).toEqual([
      ['Participant 1: Hello'],
      ['Participant 1: Hello'],
    ]);
    expect(await pool.textsTo(a)).toEqual([]);
    await pool.hear(a, 'Hello?');
    expect(await pool.textsTo(a)).toEqual(['[SAFE RIDE]: No ride is on.']);
    await pool.sends();
  });

  it('keeps STOP and the like to itself, and passes on the ordinary answers among them', async () => {
    await pool.open([a, b]);
    for (const word of ['START', 'help', 'Trợ giúp', 'yes', 'Đồng ý', 'info', 'STOP']) await pool.hear(a, word);
    expect(await pool.textsTo(b)).toEqual(['yes', 'Đồng ý', 'info']);
    await pool.sends();
  });

  it('that somebody isn’t in answers with the text for that, once', async () => {
    await pool.open([a, b]);
    const stranger = newPerson();
    const [id] = await pool.hear(stranger, 'Hello?');
    const [doc] = await gateway.store.collection<InboundDoc>('inbound_messages').find({ _id: id! });
    await gateway.get(InboundHandlers).handle(doc!);
    expect(await pool.sends()).toEqual([{ to: stranger, text: '[SAFE RIDE]: No ride is on.' }]);
    // Short codes, names, and our own numbers get no answer.
    for (const from of ['Viettel', '1414', TN]) await pool.hear(from, 'Hello');
    expect(await pool.sends()).toEqual([]);
  });

  it('ends: the number is free at once, then everybody is told', async () => {
    const { _id } = await pool.open([a, b]);
    const closed = await pool.sessions.close(pool.tenant, _id, 'The ride is over.');
    expect(closed).toMatchObject({ state: 'closed', closed_at: gateway.clock.now() });
    expect(await stored(_id)).not.toHaveProperty('claims');
    const text = '[SAFE RIDE]: The ride is over.';
    expect(await pool.sends()).toEqual([
      { to: expect.any(String), text },
      { to: expect.any(String), text },
    ]);
    expect(await pool.sessions.close(pool.tenant, _id, 'again')).toBeNull();
    await pool.hear(a, 'Are you there?');
    expect(await pool.sends()).toEqual([{ to: a, text: '[SAFE RIDE]: No ride is on.' }]);
    await pool.open([a, b]);
  });

  it('expires at its time, also before the worker looks, without a word', async () => {
    const expiresAt = new Date(gateway.clock.now().getTime() + 600_000);
    const { _id } = await pool.open([a, b], { expiresAt });
    await pool.hear(a, 'in time');
    expect(await pool.sends()).toEqual([{ to: b, text: 'in time' }]);
    gateway.clock.advance(600);
    await pool.hear(a, 'too late');
    expect(await pool.sends()).toEqual([{ to: a, text: '[SAFE RIDE]: No ride is on.' }]);
    expect(await stored(_id)).toMatchObject({ state: 'closed' });
  });

  it('expires without texts, and says so where that is wished', async () => {
    const { _id } = await pool.open([a, b], { inactiveSeconds: 300, tellsExpiry: true });
    gateway.clock.advance(200);
    await pool.hear(a, 'still here');
    await pool.sends();
    gateway.clock.advance(200);
    await worker().run();
    expect(await stored(_id)).toMatchObject({ state: 'open' });
    gateway.clock.advance(101);
    await worker().run();
    expect(await stored(_id)).toMatchObject({ state: 'closed' });
    expect((await pool.sends()).map(({ text }) => text)).toEqual(Array(2).fill('[SAFE RIDE]: Your ride is over.'));
  });

  it.each([2, 3])('of %i tells who wrote a text that can’t be sent, once', async (size) => {
    const c = newPerson();
    await pool.open([a, b, c].slice(0, size));
    await pool.hear(a, 'lost');
    await pool.sends('FAILED');
    for (let i = 0; i < 3; i++) {
      gateway.clock.advance(6);
      await worker().run();
    }
    expect(await pool.sends()).toEqual([{ to: a, text: '[SAFE RIDE]: Your message could not be delivered.' }]);
    expect(await pool.textsTo(a)).toHaveLength(1);
  });

  it('is not opened when somebody can’t be told, and leaves nothing behind', async () => {
    const order = pool.between([a, b], { startText: 'Hello' });
    const failed = pool.sendsWhile(pool.sessions.open(pool.tenant, order), (to) => (to === b ? 'FAILED' : 'SENT'));
    expect(await failed).toEqual({ failed: expect.any(String) });
    expect(await pool.sessions.ofAddress(pool.tenant, a)).toEqual([]);
    expect(await gateway.store.collection<SessionDoc>('proxy_sessions').find({ 'participants.address': a })).toEqual(
      [],
    );
    await pool.open([a, b]);
  });

  it('refuses what can be no session', async () => {
    const fields = async (addresses: string[], more = {}) => {
      const refused = await pool.sessions.open(pool.tenant, pool.between(addresses, more)).catch((error) => error);
      return refused.details.map(({ field }: { field: string }) => field);
    };
    expect(await fields([])).toEqual(['participants']);
    expect(await fields([a], { numbers: 'one' })).toEqual(['participants']);
    expect(await fields(Array(51).fill(a))).toEqual(['participants']);
    expect(await fields([a, a])).toEqual(['participants.1.address']);
    expect(await fields([a, TN])).toEqual(['participants.1.address']);
    expect(await fields(['0903100100', b])).toEqual(['participants.0.address']);
    expect(await fields([a, b], { expiresAt: gateway.clock.now() })).toEqual(['expires_at']);
  });

  it('takes no number that its participant has elsewhere; exhausted pools say for whom', async () => {
    await pool.open([a, b]);
    const c = newPerson();
    const again = () => pool.sessions.open(pool.tenant, pool.between([c, a]));
    expect(await again()).toEqual({ exhausted: a });
    const second = await registerPhone(gateway);
    await pool.add('+84906000002', { owner: { agent_id: second.agentId, sim_slot: null } });
    expect(await again()).toMatchObject({ session: { participants: [{}, { tn: '+84906000002' }] } });
    const removal = await gateway.get(Pool).remove(pool.tenant, '+84906000002');
    const { used } = removal as { used: string };
    expect(await pool.sessions.withClaim(pool.tenant, '+84906000002', a)).toMatchObject({ _id: used });
    await pool.sessions.close(pool.tenant, used);
    expect(await gateway.get(Pool).remove(pool.tenant, '+84906000002')).toBe('removed');
  });

  it('of a gateway that died while it opened it is undone, and its texts taken back', async () => {
    const opening = pool.sessions.open(pool.tenant, pool.between([a, b], { startText: 'Hello' }));
    // The phone is away: the session waits for its texts, and its gateway is lost.
    let session: SessionDoc | undefined;
    while ((await pool.messagesTo(b)).length === 0) [session] = await pool.sessions.ofAddress(pool.tenant, a);
    expect(session).toMatchObject({ opening_until: expect.any(Date) });
    gateway.clock.advance(61);
    await worker().run();
    expect(await opening).toHaveProperty('failed');
    expect(await stored(session!._id)).toBeNull();
    expect([...(await pool.messagesTo(a)), ...(await pool.messagesTo(b))]).toMatchObject([
      { status: 'CANCELED' },
      { status: 'CANCELED' },
    ]);
    await pool.open([a, b]);
  });

  it('that was ended by a gateway that died then still tells everybody, once', async () => {
    const { _id } = await pool.open([a, b]);
    const sessions = gateway.store.collection<SessionDoc>('proxy_sessions');
    await pool.sessions.close(pool.tenant, _id, 'Over.');
    const closed = (await sessions.findOne({ _id }))!;
    const closing = { id: 'end_01jd2m0q8nfgt1vwzzk4x6s5ah', text: '[SAFE RIDE]: Over.' };
    await sessions.updateOne({ _id }, { $set: { closing, due_at: gateway.clock.now() }, $unset: { last_texts: '' } });
    for (let i = 0; i < 3; i++) await worker().run();
    expect(closed).not.toHaveProperty('closing');
    expect(await stored(_id)).not.toHaveProperty('closing');
    expect([await pool.textsTo(a), await pool.textsTo(b)]).toEqual(Array(2).fill(Array(2).fill(closing.text)));
    await pool.sends();
  });

  it('has one number for one SIM', async () => {
    expect(await pool.add(TN)).toBe(false);
    expect(await pool.add('+84906000009')).toBe(false);
  });
});
