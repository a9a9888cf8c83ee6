import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Departures } from '../../src/messages/departures.js';
import { InFlight } from '../../src/proxy/in-flight.js';
import { NumberSearch } from '../../src/proxy/number-search.js';
import type { SessionDoc } from '../../src/proxy/session.js';
import { SessionTexts } from '../../src/proxy/session-texts.js';
import { SessionsWorker } from '../../src/proxy/sessions.worker.js';
import { StartTexts } from '../../src/proxy/start-texts.js';
import type { Api } from '../support/api.js';
import { withoutTimer } from '../support/by-hand.js';
import { TestGateway } from '../support/gateway.js';
import { newPerson, openPool, type PhonePool, SAFE_RIDE } from '../support/masked.js';
import { addPerson, must } from '../support/people.js';

const TN = '+84906000001';
const START = '[SAFE RIDE]: Your ride begins.';
const END = '[SAFE RIDE]: Your ride is over.';
const NONE = '[SAFE RIDE]: No ride is on.';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A shop with one phone, whose number everybody sees. */
describe('people of a session', () => {
  let gateway: TestGateway;
  let pool: PhonePool;
  let api: Api;
  let a: string;
  let b: string;
  let c: string;

  beforeAll(async () => {
    gateway = await TestGateway.start(SAFE_RIDE);
    api = await gateway.admin();
    pool = await openPool(gateway);
    await pool.add(TN);
    withoutTimer(gateway.get(SessionsWorker));
  });
  beforeEach(async () => {
    gateway.clock.advance(3600);
    await worker();
    await pool.sends();
    [a, b, c] = [1, 2, 3].map(newPerson) as [string, string, string];
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => gateway.stop());

  const worker = () => gateway.get(SessionsWorker).run();
  const stored = (id: string) => gateway.store.collection<SessionDoc>('proxy_sessions').findOne({ _id: id });
  const open = (addresses: string[], more = {}) => pool.open(addresses, { inactiveSeconds: 1800, ...more });
  const post = (id: string, body: unknown, headers?: Record<string, string>) =>
    api.post(`/proxypoc/sessions/CH${id}/participants`, body, headers);
  const add = (id: string, body: unknown, headers?: Record<string, string>) => pool.sendsWhile(post(id, body, headers));
  const remove = (id: string, participant: string) => api.delete(`/sessions/CH${id}/participants/${participant}`);
  const addressesOf = (body: any) => body.participants.map((one: any) => one.messagingBinding.address);
  const sidOf = (body: any, address: string): string =>
    body.participants.find((one: any) => one.messagingBinding.address === address).sid;
  const shape = (session: SessionDoc | null) => ({
    participants: session!.participants.map(({ id }) => id),
    claims: [...session!.claims!].sort(),
    tns: session!.tns,
  });
  const statuses = async (to: string) => (await pool.messagesTo(to)).map(({ text, status }) => [text, status]);

  describe('who is added later', () => {
    it('is told that it has begun, and talks with all the others from then on', async () => {
      const { _id } = await open([a, b]);
      const body = must(200, await add(_id, { address: c, name: 'Minh' }));
      expect(body).toMatchObject({ sid: `CH${_id}`, state: 'active' });
      expect(addressesOf(body)).toEqual([a, b, c]);
      expect(await statuses(c)).toEqual([[START, 'SENT']]);
      expect([await pool.textsTo(a), await pool.textsTo(b)]).toEqual([[], []]);
      await pool.hear(c, 'I am here');
      await pool.hear(a, 'Good');
      expect(await pool.textsTo(a)).toEqual(['Minh: I am here']);
      expect(await pool.textsTo(b)).toEqual(['Minh: I am here', 'Participant 1: Good']);
      expect(await pool.textsTo(c)).toEqual([START, 'Participant 1: Good']);
      const data = { session_id: _id, participants: [sidOf(body, c)] };
      expect(must(200, await api.get('/admin/audit-logs?limit=50')).items).toEqual(
        expect.arrayContaining([expect.objectContaining({ action: 'ADD_PARTICIPANTS', data })]),
      );
    });

    it('may be several, in a form as well, and all or nobody', async () => {
      const { _id } = await open([a, b]);
      const d = newPerson();
      const form = new URLSearchParams([
        ['address', c],
        ['address', d],
      ]).toString();
      expect(addressesOf(must(200, await add(_id, form, FORM)))).toEqual([a, b, c, d]);
      const [e, f] = [1, 2].map(newPerson) as [string, string];
      const before = shape(await stored(_id));
      const failing = pool.sendsWhile(post(_id, { addresses: [e, f] }), (to) => (to === f ? 'FAILED' : 'SENT'));
      expect(await failing).toMatchObject({
        status: 500,
        body: { message: 'Could not add participants session', raw_message: expect.any(String) },
      });
      expect(shape(await stored(_id))).toEqual(before);
      expect(addressesOf(must(200, await add(_id, { addresses: [e] })))).toEqual([a, b, c, d, e]);
    });

    it.each<[string, () => object, string]>([
      ['nobody', () => ({}), 'addresses: must be 1'],
      ['who is in it', () => ({ address: a }), 'addresses.0: is in the session already'],
      ['the same twice', () => ({ addresses: [c, c] }), 'addresses.1: is another'],
      ['a number of the pool', () => ({ address: TN }), 'addresses.0: is a number of the pool'],
      ['a word', () => ({ address: 'Lan' }), 'addresses.0: must be a number'],
      ['one name for two', () => ({ addresses: [c, '+84903999999'], name: 'Lan' }), 'name: is for one'],
      ['a name that is too long', () => ({ address: c, name: 'x'.repeat(61) }), 'name: '],
      [
        'more than fifty',
        () => ({ addresses: Array.from({ length: 49 }, (_, i) => `+84904${String(100_000 + i)}`) }),
        'addresses: must be 50 at most; 2 are',
      ],
    ])('can’t be %s', async (_, body, problem) => {
      const { _id } = await open([a, b]);
      const before = shape(await stored(_id));
      const refused = await post(_id, body());
      expect([refused.status, refused.body]).toEqual([
        400,
        { message: expect.stringContaining(problem), raw_message: 'invalid_request' },
      ]);
      expect(shape(await stored(_id))).toEqual(before);
    });

    it('is told so where the session is unknown, or closed, or no number is free, or the caller may not', async () => {
      const { _id } = await open([a, b]);
      const other = await open([c, newPerson()]);
      expect(await post(_id, { address: c })).toMatchObject({
        status: 500,
        body: {
          message: 'Could not add participants session',
          raw_message: `Not enough numbers available in pool for ${c}`,
        },
      });
      await pool.sessions.close(pool.tenant, other._id);
      for (const id of [other._id, '0'.repeat(32), 'nobody'])
        expect(await post(id, { address: b })).toMatchObject({
          status: 404,
          body: { raw_message: 'session_not_found' },
        });
      const viewer = (await addPerson(gateway, api, 'viewer')).api;
      expect((await viewer.post(`/sessions/${_id}/participants`, { address: c })).status).toBe(403);
      expect((await viewer.delete(`/sessions/${_id}/participants/par_1`)).status).toBe(403);
    });

    it('has another number when theirs is about to be removed', async () => {
      const { _id } = await open([a, b]);
      const isThere = jest.spyOn(gateway.get(NumberSearch), 'areUnchanged').mockResolvedValueOnce(false);
      expect(addressesOf(must(200, await add(_id, { address: c })))).toEqual([a, b, c]);
      expect(isThere).toHaveBeenCalledTimes(2);
      expect((await stored(_id))!.participants).toHaveLength(3);
      expect(await statuses(c)).toEqual([[START, 'SENT']]);
    });

    const died = () => Promise.reject(new Error('died'));
    it.each<[string, () => unknown]>([
      [
        'their number was reserved',
        () => jest.spyOn(gateway.get(NumberSearch), 'areUnchanged').mockImplementationOnce(died),
      ],
      ['nobody was told yet', () => jest.spyOn(gateway.get(SessionTexts), 'send').mockImplementationOnce(died)],
      ['their text was stored', () => jest.spyOn(gateway.get(Departures), 'failureOf').mockImplementationOnce(died)],
    ])('of a gateway that died when %s is undone whole', async (_, die) => {
      const { _id } = await open([a, b]);
      const before = shape(await stored(_id));
      die();
      expect((await post(_id, { address: c })).status).toBe(500);
      expect((await stored(_id))!.participants).toHaveLength(3);
      // Nothing is relayed to whoever isn't told yet.
      await pool.hear(a, 'Hello');
      expect(await pool.textsTo(b)).toEqual(['Hello']);
      gateway.clock.advance(58);
      await worker();
      expect((await stored(_id))!.participants).toHaveLength(3);
      gateway.clock.advance(2);
      await worker();
      expect(shape(await stored(_id))).toEqual(before);
      expect((await statuses(c)).filter(([, status]) => status !== 'CANCELED')).toEqual([]);
      await pool.sends();
      await open([c, newPerson()]);
    });

    it('of a gateway that died is in, once, where their text has left', async () => {
      const { _id } = await open([a, b]);
      jest.spyOn(gateway.get(Departures), 'failureOf').mockImplementationOnce(died);
      expect((await post(_id, { address: c })).status).toBe(500);
      expect(await pool.sends()).toEqual([{ to: c, text: START }]);
      for (let i = 0; i < 3; i++) {
        gateway.clock.advance(61);
        await worker();
      }
      expect((await stored(_id))!.participants[2]).toEqual({
        id: expect.any(String),
        address: c,
        channel: 'sms',
        tn: TN,
        joined_at: expect.any(Date),
      });
      expect(await pool.sends()).toEqual([]);
      await pool.hear(a, 'Hello');
      expect(await pool.textsTo(c)).toEqual([START, 'Participant 1: Hello']);
    });

    it('of a gateway that died while it undid that is undone', async () => {
      const { _id } = await open([a, b]);
      const before = shape(await stored(_id));
      jest.spyOn(gateway.get(StartTexts), 'takeBack').mockImplementationOnce(died);
      expect((await pool.sendsWhile(post(_id, { address: c }), () => 'FAILED')).status).toBe(500);
      expect((await stored(_id))!.participants).toHaveLength(3);
      expect((await stored(_id))!.claims).toEqual(before.claims);
      gateway.clock.advance(61);
      await worker();
      expect(shape(await stored(_id))).toEqual(before);
    });

    it('is not in where the session was closed meanwhile, and hears nothing of it', async () => {
      const { _id } = await open([a, b]);
      const adding = post(_id, { address: c });
      while ((await pool.messagesTo(c)).length === 0) await new Promise((resolve) => setImmediate(resolve));
      must(200, await api.delete(`/sessions/${_id}`));
      await worker();
      expect(await adding).toMatchObject({ status: 500, body: { message: 'Could not add participants session' } });
      expect(await statuses(c)).toEqual([[START, 'CANCELED']]);
      expect((await stored(_id))!.participants).toHaveLength(2);
    });
  });

  describe('who is removed', () => {
    it('is told once, keeps no number, and hears nothing more; the others go on', async () => {
      const opened = await open([a, b, c]);
      const leaver = opened.participants[2]!;
      const body = must(200, await remove(opened._id, leaver.id));
      expect(addressesOf(body)).toEqual([a, b]);
      expect(await pool.sends()).toEqual([{ to: c, text: END }]);
      expect(shape(await stored(opened._id))).toMatchObject({ claims: [`${TN}|${a}`, `${TN}|${b}`], tns: [TN] });
      expect((await stored(opened._id))!.participants[2]).toEqual({ ...leaver, left_at: gateway.clock.now() });
      await pool.hear(c, 'Wait!');
      expect(await pool.sends()).toEqual([{ to: c, text: NONE }]);
      await pool.hear(a, 'They are gone');
      expect(await pool.sends()).toEqual([{ to: b, text: 'They are gone' }]);
      await worker();
      expect(await pool.sends()).toEqual([]);
      const data = { session_id: opened._id, participant: leaver.id };
      expect(must(200, await api.get('/admin/audit-logs?limit=50')).items).toEqual(
        expect.arrayContaining([expect.objectContaining({ action: 'REMOVE_PARTICIPANT', data })]),
      );
      await open([c, newPerson()]);
    });

    it('is unknown afterwards, as are strangers and other sessions', async () => {
      const { _id, participants } = await open([a, b, c]);
      must(200, await remove(_id, participants[2]!.id));
      for (const id of [participants[2]!.id, 'par_1', 'nobody'])
        expect(await remove(_id, id)).toMatchObject({ status: 404, body: { raw_message: 'participant_not_found' } });
      expect(await remove('0'.repeat(32), participants[0]!.id)).toMatchObject({
        status: 404,
        body: { raw_message: 'session_not_found' },
      });
    });

    it('leaves nobody alone: without a second one the session ends, and each is told once', async () => {
      const { _id, participants } = await open([a, b]);
      expect(must(200, await remove(_id, participants[1]!.id)).state).toBe('closed');
      await worker();
      expect((await pool.sends()).map(({ to, text }) => [to, text]).sort()).toEqual([
        [a, END],
        [b, END],
      ]);
      expect(await stored(_id)).not.toHaveProperty('claims');
      expect((await remove(_id, participants[0]!.id)).body.raw_message).toBe('session_not_found');
    });

    it('gets no text that was on its way', async () => {
      const { _id, participants } = await open([a, b, c]);
      await pool.hear(a, 'one');
      await pool.hear(b, 'two');
      gateway.clock.advance(1);
      must(200, await remove(_id, participants[2]!.id));
      expect(await statuses(c)).toEqual([
        ['Participant 1: one', 'CANCELED'],
        ['Participant 2: two', 'CANCELED'],
        [END, 'PENDING'],
      ]);
      const sent = await pool.sends();
      expect(sent.filter(({ to }) => to !== c)).toHaveLength(2);
      expect(sent.filter(({ to }) => to === c)).toEqual([{ to: c, text: END }]);
      gateway.clock.advance(6);
      await worker();
      expect(await pool.sends()).toEqual([]);
    });

    it.each(['before it was noted', 'before it was stored'])('gets no text that was read %s', async (when) => {
      const { _id, participants } = await open([a, b, c]);
      const texts = gateway.get(SessionTexts);
      const send = texts.sendParts.bind(texts);
      const leave = () => remove(_id, participants[2]!.id);
      const find = pool.sessions.withClaim.bind(pool.sessions);
      if (when === 'before it was stored')
        jest.spyOn(texts, 'sendParts').mockImplementationOnce(async (...given) => {
          must(200, await leave());
          return send(...given);
        });
      else
        jest.spyOn(pool.sessions, 'withClaim').mockImplementationOnce(async (...given) => {
          const found = await find(...given);
          must(200, await leave());
          return found;
        });
      await pool.hear(a, 'secret');
      const sent = await pool.sends();
      expect(sent.filter(({ to }) => to === c)).toEqual([{ to: c, text: END }]);
      expect(sent.filter(({ to }) => to === b)).toHaveLength(1);
    });

    it.each<[string, () => unknown]>([
      ['texts on their way were taken back', () => jest.spyOn(gateway.get(InFlight), 'takeBack')],
      ['they were told', () => jest.spyOn(gateway.get(SessionTexts), 'send')],
    ])('by a gateway that died before %s is told, once', async (_, step) => {
      const { _id, participants } = await open([a, b, c]);
      await pool.hear(a, 'one');
      (step() as jest.SpiedFunction<() => Promise<never>>).mockImplementationOnce(() =>
        Promise.reject(new Error('died')),
      );
      expect((await remove(_id, participants[2]!.id)).status).toBe(500);
      expect(await pool.textsTo(c)).toEqual(['Participant 1: one']);
      for (let i = 0; i < 3; i++) {
        await worker();
        gateway.clock.advance(1);
      }
      expect((await pool.sends()).filter(({ to }) => to === c)).toEqual([{ to: c, text: END }]);
      expect((await stored(_id))!.participants[2]).not.toHaveProperty('leaving');
    });

    it('can be added again, as another participant with the number of before', async () => {
      const { _id, participants } = await open([a, b, c]);
      const [, , old] = participants;
      must(200, await remove(_id, old!.id));
      await pool.add('+84906000002', { owner: { agent_id: pool.phone.agentId, sim_slot: 1 } });
      for (let i = 0; i < 3; i++) {
        gateway.clock.advance(1);
        const body = must(200, await add(_id, { address: c }));
        expect(sidOf(body, c)).not.toBe(old!.id);
        expect((await stored(_id))!.participants.at(-1)!.tn).toBe(TN);
        gateway.clock.advance(1);
        expect(must(200, await remove(_id, sidOf(body, c))).participants).toHaveLength(2);
      }
      expect(await pool.textsTo(c)).toEqual([END, START, END, START, END, START, END]);
      expect((await stored(_id))!.claims).toEqual([`${TN}|${a}`, `${TN}|${b}`]);
    });
  });
});
