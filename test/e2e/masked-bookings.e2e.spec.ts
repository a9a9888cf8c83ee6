import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OwnTexts } from '../../src/messages/own-texts.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { SessionTexts } from '../../src/proxy/session-texts.js';
import { SessionsRepository } from '../../src/proxy/sessions.repository.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import type { Api } from '../support/api.js';
import { withoutTimer } from '../support/by-hand.js';
import { TestGateway } from '../support/gateway.js';
import { newPerson, openPool, type PhonePool, SAFE_RIDE } from '../support/masked.js';
import { must } from '../support/people.js';

const TN = '+84906000001';
const START = '[SAFE RIDE]: Your ride begins.';
const NONE = '[SAFE RIDE]: No ride is on.';
const DAY = 24 * 3600;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A shop with one phone, whose number everybody sees. */
describe('sessions that are booked', () => {
  let gateway: TestGateway;
  let pool: PhonePool;
  let api: Api;
  let a: string;
  let b: string;
  let c: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ...SAFE_RIDE, CONVERSATION_SESSION_CLOSED_IN_MINUTES: '0' });
    api = await gateway.admin();
    pool = await openPool(gateway);
    await pool.add(TN);
    withoutTimer(gateway.get(SessionsWorker));
  });
  beforeEach(async () => {
    gateway.clock.advance(10);
    for (const { sid, state } of must(200, await api.get('/sessions?limit=500')))
      if (state !== 'closed') must(200, await api.delete(`/sessions/${sid}`));
    await worker();
    await pool.sends();
    [a, b, c] = [1, 2, 3].map(newPerson) as [string, string, string];
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => gateway.stop());

  const worker = () => gateway.get(SessionsWorker).run();
  const stored = (sid: string) => gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ _id: sid.slice(2) });
  const inSeconds = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000).toISOString();
  const post = (body: object) => api.post('/sessions', { addresses: [a, b], ...body });
  const book = async (body: object) => must(200, await post(body));
  const stateOf = async (sid: string) => must(200, await api.get(`/sessions/${sid}`)).state;
  const inOrder = (texts: { to: string; text: string }[]) => texts.map(({ to, text }) => [to, text]).sort();
  const died = () => Promise.reject(new Error('died'));

  it('hold their numbers and relay nothing until their time, then tell everybody once', async () => {
    const startsAt = inSeconds(7 * DAY);
    const session = await book({ startsAt });
    expect(session).toMatchObject({ state: 'inactive', startsAt, timers: {} });
    expect(session).not.toHaveProperty('endsAt');
    expect((await post({})).body.raw_message).toBe(`Not enough numbers available in pool for ${a}`);
    gateway.clock.advance(7 * DAY - 2);
    await worker();
    await pool.hear(a, 'Too early');
    expect(await pool.sends()).toEqual([{ to: a, text: NONE }]);
    const found = new URLSearchParams({ address: a, proxyAddress: TN }).toString();
    expect(must(200, await api.get(`/participants?${found}`)).conversationSid).toBe(session.sid);
    gateway.clock.advance(1);
    for (let i = 0; i < 3; i++) await worker();
    expect(inOrder(await pool.sends())).toEqual([
      [a, START],
      [b, START],
    ]);
    // Reports and retention go by this.
    expect((await pool.messagesTo(b))[0]).toMatchObject({ created_at: new Date(startsAt), purpose: 'proxy' });
    expect(await stateOf(session.sid)).toBe('active');
    await pool.hear(b, 'Here');
    expect(await pool.sends()).toEqual([{ to: a, text: 'Here' }]);
    expect(must(200, await api.get(`/sessions/${session.sid}/messages`))).toMatchObject([{ body: 'Here' }]);
  });

  it('begin with a text at their time, also before the worker looks', async () => {
    await book({ starts_at: inSeconds(600) });
    gateway.clock.advance(600);
    await pool.hear(a, 'At once');
    await worker();
    const sent = await pool.sends();
    gateway.clock.advance(2);
    sent.push(...(await pool.sends()));
    expect(sent.filter(({ to }) => to === b).map(({ text }) => text)).toEqual([START, 'At once']);
    expect(sent.filter(({ to }) => to === a).map(({ text }) => text)).toEqual([START]);
  });

  it.each<[string, () => unknown]>([
    ['before it noted that it begins', () => jest.spyOn(gateway.get(SessionsRepository), 'change')],
    ['before anybody was told', () => jest.spyOn(gateway.get(SessionTexts), 'send')],
    ['after one was told', () => jest.spyOn(gateway.get(OwnTexts), 'send')],
    ['before it noted that all were told', () => jest.spyOn(gateway.get(SessionsRepository), 'add')],
  ])('that were begun by a gateway that died %s tell everybody once', async (when, step) => {
    const { sid } = await book({ startsAt: inSeconds(600) });
    gateway.clock.advance(600);
    const spy = step() as jest.SpiedFunction<(...given: unknown[]) => Promise<unknown>>;
    if (when === 'after one was told') {
      const texts = gateway.get(OwnTexts);
      const send = OwnTexts.prototype.send.bind(texts) as (...given: unknown[]) => Promise<unknown>;
      spy.mockImplementationOnce(send);
    }
    spy.mockImplementationOnce(died);
    expect((await api.get(`/sessions/${sid}`)).status).toBe(500);
    const told = [...(await pool.textsTo(a)), ...(await pool.textsTo(b))];
    expect(told).toHaveLength({ 'after one was told': 1, 'before it noted that all were told': 2 }[when] ?? 0);
    for (let i = 0; i < 3; i++) {
      gateway.clock.advance(1);
      await worker();
    }
    expect([await pool.textsTo(a), await pool.textsTo(b)]).toEqual([[START], [START]]);
    expect(await stored(sid)).not.toHaveProperty('starting');
  });

  it('begin once when many look at the same moment', async () => {
    const { sid } = await book({ startsAt: inSeconds(600) });
    gateway.clock.advance(600);
    await Promise.all([worker(), ...Array.from({ length: 8 }, () => stateOf(sid))]);
    expect([await pool.textsTo(a), await pool.textsTo(b)]).toEqual([[START], [START]]);
  });

  it('count silence from their beginning', async () => {
    const startsAt = inSeconds(DAY);
    const session = await book({ startsAt, timers: { inactive: 'PT1M', closed: 'PT10M' } });
    const later = (seconds: number) => new Date(Date.parse(startsAt) + seconds * 1000).toISOString();
    expect(session.timers).toEqual({ date_inactive: later(60), date_closed: later(600) });
    gateway.clock.advance(DAY);
    await worker();
    expect(await stateOf(session.sid)).toBe('active');
    gateway.clock.advance(60);
    expect(await stateOf(session.sid)).toBe('inactive');
    gateway.clock.advance(539);
    await worker();
    expect(await stateOf(session.sid)).toBe('inactive');
    gateway.clock.advance(1);
    await worker();
    expect(await stored(session.sid)).toMatchObject({ state: 'closed' });
  });

  it('end at their time, whatever is said, and answer who writes later', async () => {
    const endsAt = inSeconds(DAY + 600);
    const session = await book({ startsAt: inSeconds(DAY), endsAt, timers: { closed: 'PT20M' } });
    expect(session).toMatchObject({ endsAt, timers: { date_closed: endsAt } });
    gateway.clock.advance(DAY);
    await worker();
    gateway.clock.advance(598);
    await pool.hear(a, 'in time');
    expect((await pool.sends()).at(-1)).toEqual({ to: b, text: 'in time' });
    await pool.hear(a, 'too late');
    expect(await pool.sends()).toEqual([{ to: a, text: NONE }]);
    expect(await stateOf(session.sid)).toBe('closed');
  });

  it('also end without a beginning', async () => {
    const { sid } = await book({ ends_at: inSeconds(600) });
    gateway.clock.advance(599);
    expect(await stateOf(sid)).toBe('active');
    gateway.clock.advance(1);
    await worker();
    expect(await stored(sid)).toMatchObject({ state: 'closed' });
  });

  it('that are over before anybody looks tell nobody', async () => {
    const { sid } = await book({ startsAt: inSeconds(600), endsAt: inSeconds(1200) });
    gateway.clock.advance(1200);
    await worker();
    expect(await stored(sid)).toMatchObject({ state: 'closed' });
    expect(await stored(sid)).not.toHaveProperty('unstarted');
    expect(await pool.sends()).toEqual([]);
  });

  it('take people and let them go before they begin; whoever is there then is told', async () => {
    const session = await book({ addresses: [a, b], startsAt: inSeconds(600) });
    const { sid } = session;
    const added = must(200, await api.post(`/sessions/${sid}/participants`, { address: c }));
    expect(added.participants).toHaveLength(3);
    must(200, await api.delete(`/sessions/${sid}/participants/${session.participants[0].sid}`));
    await worker();
    expect(await pool.sends()).toEqual([]);
    gateway.clock.advance(600);
    for (let i = 0; i < 3; i++) await worker();
    expect(inOrder(await pool.sends())).toEqual([
      [b, START],
      [c, START],
    ]);
    const d = newPerson();
    must(200, await pool.sendsWhile(api.post(`/sessions/${sid}/participants`, { address: d })));
    await worker();
    expect(await pool.textsTo(d)).toEqual([START]);
    await pool.hear(b, 'Hello');
    expect([await pool.textsTo(a), await pool.textsTo(c)]).toEqual([[], [START, 'Participant 2: Hello']]);
  });

  it.each(['before they were told', 'after they were told'])(
    'tell who is added while they begin once, %s',
    async (when) => {
      const { sid } = await book({ startsAt: inSeconds(600) });
      gateway.clock.advance(600);
      const texts = gateway.get(SessionTexts);
      const send = texts.send.bind(texts);
      const add = () => pool.sendsWhile(api.post(`/sessions/${sid}/participants`, { address: c }));
      jest.spyOn(texts, 'send').mockImplementationOnce(async (...given) => {
        if (when === 'before they were told') must(200, await add());
        const sent = await send(...given);
        if (when === 'after they were told') must(200, await add());
        return sent;
      });
      for (let i = 0; i < 3; i++) await worker();
      expect([await pool.textsTo(a), await pool.textsTo(b), await pool.textsTo(c)]).toEqual([
        [START],
        [START],
        [START],
      ]);
    },
  );

  it('tell who is added after the gateway that began them died once', async () => {
    const { sid } = await book({ startsAt: inSeconds(600) });
    gateway.clock.advance(600);
    jest.spyOn(gateway.get(SessionTexts), 'send').mockImplementationOnce(died);
    expect((await api.get(`/sessions/${sid}`)).status).toBe(500);
    must(200, await pool.sendsWhile(api.post(`/sessions/${sid}/participants`, { address: c })));
    for (let i = 0; i < 3; i++) {
      gateway.clock.advance(1);
      await worker();
    }
    expect([await pool.textsTo(a), await pool.textsTo(b), await pool.textsTo(c)]).toEqual([[START], [START], [START]]);
  });

  it('end without a word when the last but one leaves before they begin', async () => {
    const { sid, participants } = await book({ startsAt: inSeconds(600) });
    expect(must(200, await api.delete(`/sessions/${sid}/participants/${participants[0].sid}`)).state).toBe('closed');
    gateway.clock.advance(600);
    await worker();
    expect(await pool.sends()).toEqual([]);
  });

  it('come in a form as well', async () => {
    const [startsAt, endsAt] = [inSeconds(600), inSeconds(1200)];
    const body = new URLSearchParams([
      ['address', a],
      ['address', b],
      ['startsAt', startsAt],
      ['endsAt', endsAt],
    ]).toString();
    expect(must(200, await api.post('/proxypoc/sessions', body, FORM))).toMatchObject({ startsAt, endsAt });
  });

  it.each<[object, string]>([
    [{ startsAt: 'soon' }, 'startsAt: must be a time'],
    [{ starts_at: '2026-02-30T10:00:00Z' }, 'starts_at: must be a time'],
    [{ startsAt: 0 }, 'startsAt: must be in the future'],
    [{ starts_at: -60 }, 'starts_at: must be in the future'],
    [{ endsAt: 0 }, 'endsAt: must be in the future'],
    [{ ends_at: -60 }, 'ends_at: must be in the future'],
    [{ startsAt: 600, endsAt: 600 }, 'endsAt: must be after startsAt'],
    [{ starts_at: 600, ends_at: 599 }, 'ends_at: must be after starts_at'],
    [{ startsAt: 600, endsAt: 367 * DAY }, 'endsAt: is more than a year away'],
    [{ startsAt: 367 * DAY }, 'startsAt: is more than a year away'],
    [{ startsAt: 'x'.repeat(41) }, 'startsAt: '],
  ])('are refused with %j', async (body, problem) => {
    const times = Object.fromEntries(
      Object.entries(body).map(([field, at]) => [field, typeof at === 'number' ? inSeconds(at) : at]),
    );
    const { status, body: answer } = await post(times);
    expect([status, answer]).toEqual([
      400,
      { message: expect.stringContaining(problem), raw_message: 'invalid_request' },
    ]);
    expect(await pool.sessions.ofAddress(pool.tenant, a)).toEqual([]);
  });
});
