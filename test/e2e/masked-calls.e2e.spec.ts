import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { Participant, SessionDoc } from '../../src/proxy/session.js';
import { Sessions } from '../../src/proxy/sessions.js';
import { CallRecords } from '../../src/proxy/voice/call-records.js';
import type { TnDoc } from '../../src/proxy/tn.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import type { Callback } from '../fakes/callback-sender.js';
import { twilioError } from '../fakes/twilio.js';
import { addPerson, must } from '../support/people.js';
import { Providers, PUBLIC_URL } from '../support/providers.js';

const [ANN, BEN, CAT, DAN] = ['+12025550101', '+12025550102', '+12025550103', '+12025550104'];
const POOL = ['+12065550111', '+12065550112', '+12065550113', '+12065550114'];
const SPELLINGS = ['/inboundCall', '/inbound-call', '/carriers/twilio/voice'];
const PATHS = ['', '/proxypoc', '/sms', '/sms/proxypoc'].flatMap((prefix) => SPELLINGS.map((path) => prefix + path));

const xml = (inside: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`;
const say = (text: string) => `<Say voice="alice" language="en">${text}</Say>`;
const SAY_NO_SESSION = xml(say('Nobody listens &amp; nobody answers here.'));
const SAY_ONLY_TEXTS = xml(
  say('The person behind this number cannot be called. Please send a text message to this number instead. Goodbye.'),
);
const CONNECTING = say('Please hold while we connect your call.');

describe('calls to numbers of the pool', () => {
  let providers: Providers;
  let tenant: TenantId;
  let session: SessionDoc | undefined;

  beforeAll(async () => {
    providers = await Providers.start({
      NUMBER_POOL: JSON.stringify(POOL),
      NO_SESSION_MSG: 'Nobody listens & nobody answers here.',
    });
    tenant = (await providers.gateway.get(TenantsService).idOf('default'))!;
  });
  beforeEach(() => {
    providers.twilio.callsMade.length = 0;
    providers.twilio.callReply = () => null;
  });
  afterAll(() => providers.stop());

  /** Who was in a session before is free again. Returns the numbers that they see. */
  async function open(...people: [address: string, channel?: Participant['channel']][]): Promise<string[]> {
    if (session) await sessions().close(tenant, session._id);
    const participants = people.map(([address, channel = 'sms']) => ({ address, channel }));
    const opened = await sessions().open(tenant, { participants, numbers: 'each' });
    if (!('session' in opened)) throw new Error(JSON.stringify(opened));
    session = opened.session;
    return session.participants.map(({ tn }) => tn);
  }
  const sessions = () => providers.gateway.get(Sessions);
  const call = (fields: Record<string, string>, path = '/inboundCall', method: 'POST' | 'GET' = 'POST') =>
    send(providers.twilio.voiceCallback(PUBLIC_URL + path, fields, method));
  async function send({ url, method, headers, body }: Callback) {
    const answer = await fetch(url.replace(PUBLIC_URL, providers.gateway.url), {
      method,
      headers,
      ...(method === 'GET' ? {} : { body }),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  }
  const said = (text: string) => ({ status: 200, type: expect.stringContaining('text/xml'), text });

  it.each(PATHS)('%s connects the one other participant, who sees their own number of the pool', async (path) => {
    const [TN1, TN2] = (await open([ANN], [BEN])) as [string, string];
    const connected = said(xml(`${CONNECTING}<Dial callerId="${TN2}"><Number>${BEN}</Number></Dial>`));
    expect(await call({ From: ANN, To: TN1 }, path)).toEqual(connected);
    expect(await call({ From: ANN, To: TN1 }, path, 'GET')).toEqual(connected);
    expect(await call({ From: BEN, To: TN2 }, path)).toEqual(
      said(xml(`${CONNECTING}<Dial callerId="${TN1}"><Number>${ANN}</Number></Dial>`)),
    );
    expect(providers.twilio.callsMade).toEqual([]);
  });

  it('reads Called where To is missing', async () => {
    const [TN1] = (await open([ANN], [BEN])) as [string];
    expect((await call({ From: ANN, To: '', Called: TN1 }, '/inbound-call')).text).toContain(`<Number>${BEN}</Number>`);
  });

  it('are told that there is no session: a stranger, another number, a closed session, who has left, who hides', async () => {
    const [TN1] = (await open([ANN], [BEN])) as [string];
    const other = POOL.find((number) => number !== TN1)!;
    for (const fields of [
      { From: CAT, To: TN1 },
      { From: ANN, To: other },
      { From: BEN, To: '+12065550999' },
      { From: 'anonymous', To: TN1 },
      { From: 'client:ann', To: TN1 },
      { From: ANN, To: `sip:${TN1}@example.test` },
    ])
      expect(await call(fields)).toEqual(said(SAY_NO_SESSION));
    const [ann, ben] = session!.participants;
    const participants = [ann, { ...ben, left_at: new Date() }] as never;
    await providers.gateway.store
      .collection<SessionDoc>('proxy_sessions')
      .updateOne({ _id: session!._id }, { $set: { participants } });
    expect(await call({ From: ANN, To: TN1 })).toEqual(said(SAY_NO_SESSION));
    await sessions().close(tenant, session!._id);
    expect(await call({ From: ANN, To: TN1 })).toEqual(said(SAY_NO_SESSION));
    const [alone] = (await open([ANN])) as [string];
    expect(await call({ From: ANN, To: alone })).toEqual(said(SAY_NO_SESSION));
    await sessions().close(tenant, session!._id);
    const expiresAt = new Date(providers.gateway.clock.now().getTime() + 60_000);
    const people = [ANN, BEN].map((address) => ({ address, channel: 'sms' as const }));
    const opened = await sessions().open(tenant, { participants: people, numbers: 'each', expiresAt });
    const [{ tn }] = (opened as { session: SessionDoc }).session.participants as [Participant];
    expect((await call({ From: ANN, To: tn })).text).toContain('<Dial');
    providers.gateway.clock.advance(61);
    expect(await call({ From: ANN, To: tn })).toEqual(said(SAY_NO_SESSION));
  });

  it('are told to write when the other side is known by WhatsApp only, or sees a number that makes no calls', async () => {
    const [ann, ben] = (await open([ANN], [BEN, 'whatsapp'])) as [string, string];
    expect(await call({ From: ANN, To: ann })).toEqual(said(SAY_ONLY_TEXTS));
    // Who is known by WhatsApp may call all the same.
    expect((await call({ From: `whatsapp:${BEN}`, To: `whatsapp:${ben}` })).text).toContain(`<Number>${ANN}</Number>`);
    for (const other of [
      { channels: ['sms'] as const },
      { channels: ['sms', 'voice'] as const, owner: { carrier: 'flowroute' } },
      { owner: { agent_id: 'agt_1', sim_slot: 0 } },
    ]) {
      const [TN1, TN2] = (await open([ANN], [BEN])) as [string, string];
      await tns().updateOne({ number: TN2 }, { $set: { ...other } });
      expect(await call({ From: ANN, To: TN1 })).toEqual(said(SAY_ONLY_TEXTS));
      const owner = { carrier: 'twilio' };
      await tns().updateOne({ number: TN2 }, { $set: { owner, channels: ['sms', 'whatsapp', 'voice'] } });
      expect((await call({ From: ANN, To: TN1 })).text).toContain(`<Number>${BEN}</Number>`);
    }
  });

  describe('with two or more others', () => {
    const conference = (name: string, flag: boolean) =>
      `<Dial><Conference startConferenceOnEnter="${flag}" endConferenceOnExit="${flag}">${name}</Conference></Dial>`;
    const nameIn = (text: string) => /cal_[0-9a-z]{26}/.exec(text)![0];

    it('call each from the number that they know, into a conference that ends with the caller', async () => {
      const [TN1, TN2, TN3] = (await open([ANN], [BEN], [CAT], [DAN, 'whatsapp'])) as [string, string, string];
      const answer = await call({ From: ANN, To: TN1 });
      const name = nameIn(answer.text);
      expect(answer).toEqual(said(xml(CONNECTING + conference(name, true))));
      const url = `${PUBLIC_URL}/join-conference?conferenceName=${name}`;
      expect(providers.twilio.callsMade).toEqual([
        { sid: expect.any(String), from: TN2, to: BEN, url },
        { sid: expect.any(String), from: TN3, to: CAT, url },
      ]);
      for (const method of ['POST', 'GET'] as const) {
        const joining = providers.twilio.voiceCallback(url, { From: TN2, To: BEN, Direction: 'outbound-api' }, method);
        expect(await send(joining)).toEqual(said(xml(conference(name, false))));
      }
      for (const wrong of [
        '',
        '?conferenceName=',
        `?conferenceName=cal_${'0'.repeat(26)}`,
        '?conferenceName=a&conferenceName=b',
      ])
        expect((await call({ From: TN2, To: BEN }, `/proxypoc/join-conference${wrong}`)).text).toBe(
          xml(say('This call is over. Goodbye.')),
        );
    });

    it('call nobody twice when Twilio asks again', async () => {
      const [TN1] = (await open([ANN], [BEN], [CAT])) as [string];
      const fields = { From: ANN, To: TN1, CallSid: `CA${'7'.repeat(32)}` };
      const first = await call(fields);
      expect(await call(fields)).toEqual(first);
      expect(providers.twilio.callsMade).toHaveLength(2);
    });

    it('connect directly when only one of them can be called', async () => {
      const [TN1, TN2] = (await open([ANN], [BEN], [CAT, 'whatsapp'])) as [string, string];
      expect((await call({ From: ANN, To: TN1 })).text).toBe(
        xml(`${CONNECTING}<Dial callerId="${TN2}"><Number>${BEN}</Number></Dial>`),
      );
    });

    it('begin when one can be reached, and are refused when nobody can', async () => {
      const [TN1] = (await open([ANN], [BEN], [CAT])) as [string];
      providers.twilio.callReply = (form) => (form.get('To') === BEN ? twilioError(400, 21215) : null);
      expect((await call({ From: ANN, To: TN1 })).text).toContain('<Conference');
      providers.twilio.callReply = () => twilioError(429, 20429);
      expect((await call({ From: ANN, To: TN1 })).text).toBe(
        xml(say('We could not reach anyone. Please try again later. Goodbye.')),
      );
    });
  });

  it('are in the history of their session, by participants and without a number', async () => {
    const [TN1] = (await open([ANN], [BEN])) as [string];
    const { _id: sessionId, participants } = session!;
    const begun = providers.gateway.clock.now();
    const fields = { From: ANN, To: TN1, CallSid: `CA${'8'.repeat(32)}` };
    await call(fields);
    providers.gateway.clock.advance(75);
    const ended = { ...fields, CallStatus: 'completed', CallDuration: '71' };
    expect(await call(ended)).toEqual(said('<?xml version="1.0" encoding="UTF-8"?><Response/>'));
    const ends = providers.gateway.clock.now();
    providers.gateway.clock.advance(5);
    await call(ended);
    const records = await providers.gateway.get(CallRecords).ofSession(tenant, sessionId, 50);
    expect(records).toEqual([
      {
        _id: expect.stringMatching(/^cal_/),
        tenant_id: tenant,
        session_id: sessionId,
        ref: fields.CallSid,
        caller: participants[0]!.id,
        callees: [participants[1]!.id],
        started_at: begun,
        ended_at: ends,
        seconds: 71,
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/\+1/);
    const admin = await providers.gateway.admin();
    const viewer = (await addPerson(providers.gateway, admin, 'viewer')).api;
    const shown = must(200, await viewer.get(`/sessions/CH${sessionId}/calls`));
    const [caller, callee] = participants as [Participant, Participant];
    expect(shown).toEqual([
      {
        sid: records[0]!._id,
        callSid: fields.CallSid,
        caller: { participantSid: caller.id, proxyAddress: caller.tn },
        callees: [{ participantSid: callee.id, proxyAddress: callee.tn }],
        dateCreated: begun.toISOString(),
        dateEnded: ends.toISOString(),
        duration: 71,
      },
    ]);
    for (const number of [ANN, BEN]) expect(JSON.stringify(shown)).not.toContain(number);
    providers.gateway.clock.advance(1);
    await call({ From: BEN, To: callee.tn, CallSid: `CA${'9'.repeat(32)}` });
    expect(must(200, await viewer.get(`/sessions/${sessionId}/calls`))).toMatchObject([
      {},
      { caller: { participantSid: callee.id }, dateEnded: null, duration: null },
    ]);
    expect((await admin.get(`/sessions/CH${'0'.repeat(32)}/calls`)).status).toBe(404);
  });

  it('are refused when Twilio has not signed them, or when they are not calls', async () => {
    const [TN1] = (await open([ANN], [BEN])) as [string];
    const { twilio } = providers;
    const right = twilio.voiceCallback(`${PUBLIC_URL}/inboundCall`, { From: ANN, To: TN1 });
    const { 'x-twilio-signature': signature, ...unsigned } = right.headers;
    const byGet = twilio.voiceCallback(`${PUBLIC_URL}/inboundCall`, { From: ANN, To: TN1 }, 'GET');
    for (const forged of [
      { ...right, headers: unsigned },
      { ...right, headers: { ...right.headers, 'x-twilio-signature': signature!.toLowerCase() } },
      { ...right, body: `${right.body}&From=${encodeURIComponent(BEN)}` },
      { ...right, url: right.url.replace('inboundCall', 'inbound-call') },
      { ...right, url: right.url.replace('inboundCall', 'proxypoc/inboundCall') },
      { ...right, url: right.url.replace('inboundCall', 'join-conference') },
      { ...right, body: right.body.replace(twilio.accountSid, `AC${'f'.repeat(32)}`) },
      { ...byGet, url: `${byGet.url}&more=1` },
    ]) {
      const { status, text } = await send(forged);
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 403, code: 'forbidden' });
    }
    const malformed: [Record<string, string>, string][] = [
      [{ From: '', To: TN1, Caller: '' }, 'From'],
      [{ From: ANN, To: '', Called: '' }, 'To'],
      [{ From: ANN, To: TN1, CallSid: '' }, 'CallSid'],
      [{ From: ANN, To: TN1, CallSid: 'CA\0' }, 'CallSid'],
      [{ From: ANN, To: TN1, AccountSid: '' }, 'AccountSid'],
    ];
    for (const [fields, field] of malformed) {
      const { status, text } = await call(fields);
      expect({ status, fields: JSON.parse(text).details }).toMatchObject({ status: 400, fields: [{ field }] });
    }
    expect((await send({ ...right, body: '' })).status).toBe(400);
    expect((await send({ ...right, headers: { ...right.headers, 'content-type': 'application/json' } })).status).toBe(
      415,
    );
    expect((await fetch(`${providers.gateway.url}/inboundCall`)).status).toBe(400);
    expect(twilio.callsMade).toEqual([]);
  });

  const tns = () => providers.gateway.store.collection<TnDoc>('virtual_tns');
});
