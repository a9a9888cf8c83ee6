import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Carrier, OutgoingText } from '../../src/carriers/carrier.js';
import { CarrierKinds, type AccountValues } from '../../src/carriers/carrier-kinds.js';
import { TwilioKind } from '../../src/carriers/twilio/twilio-kind.js';
import { loadConfig } from '../../src/config/load-config.js';
import { FakeTwilio, twilioError } from '../fakes/twilio.js';
import { callOf, contextOf, PUBLIC_URL } from './carrier-under-test.js';

const MG = `MG${'a'.repeat(32)}`;
const TEXT: OutgoingText = {
  attempt: 'msg_1.lea_1',
  channel: 'sms',
  to: '+12025550142',
  from: null,
  text: 'Chào & 100 %',
};
const never = () => new AbortController().signal;

describe('a Twilio account', () => {
  const kinds = new CarrierKinds();
  const kind = new TwilioKind(kinds);
  let now = new Date('2026-11-21T10:00:00Z');
  let fake: FakeTwilio;
  let account: AccountValues;
  let carrier: Carrier;
  const open = (values: object, context: object = {}) =>
    kind.open({ ...account, ...values }, contextOf({ baseUrl: fake.url, ...context }));

  beforeAll(async () => {
    fake = await new FakeTwilio(() => now).start();
    account = { account_sid: fake.accountSid, auth_token: fake.authToken };
    StatusCallback = `${PUBLIC_URL}/carriers/twilio/status?attempt=msg_1.lea_1&account=${fake.accountSid}`;
    carrier = await open({ from: '+15005550006' });
  });
  beforeEach(() => {
    fake.calls.length = 0;
    fake.taken.length = 0;
    fake.received.length = 0;
  });
  afterAll(() => fake.stop());
  const lastForm = () => Object.fromEntries(new URLSearchParams(fake.sendCalls().at(-1)!.body));
  let StatusCallback: string;

  it('posts a form with the text, its sender and where receipts go, as the account', async () => {
    await carrier.send(TEXT, never());
    expect(lastForm()).toEqual({ To: TEXT.to, From: '+15005550006', Body: TEXT.text, StatusCallback });
    const { path, headers } = fake.sendCalls()[0]!;
    expect(path).toBe(`/2010-04-01/Accounts/${fake.accountSid}/Messages.json`);
    expect(headers['content-length']).toBe(String(fake.sendCalls()[0]!.body.length));
  });

  it('writes WhatsApp addresses on both ends', async () => {
    await carrier.send({ ...TEXT, channel: 'whatsapp' }, never());
    expect(lastForm()).toMatchObject({ To: 'whatsapp:+12025550142', From: 'whatsapp:+15005550006' });
  });

  it('sends by its messaging service, unless the text names its own number', async () => {
    const service = await open({ from: '+15005550006', messaging_service_sid: MG });
    await service.send(TEXT, never());
    expect(lastForm()).toEqual({ To: TEXT.to, MessagingServiceSid: MG, Body: TEXT.text, StatusCallback });
    await service.send({ ...TEXT, from: '+15005550001' }, never());
    expect(lastForm()).toMatchObject({ From: '+15005550001' });
    expect(lastForm()).not.toHaveProperty('MessagingServiceSid');
  });

  it('without a sender refuses a text that names none, says what to set, and calls nobody', async () => {
    const bare = await open({});
    const refused = { kind: 'refused', fault: 'route', reason: expect.stringMatching(/from or messaging_service_sid/) };
    expect(await bare.send(TEXT, never())).toMatchObject(refused);
    expect(fake.calls).toHaveLength(0);
    expect(await bare.send({ ...TEXT, from: '+15005550001' }, never())).toMatchObject({ kind: 'accepted' });
  });

  it('asks for no receipts where nobody could bring them', async () => {
    const hidden = await open({ from: '+15005550006' }, { publicUrl: null });
    expect(await hidden.send(TEXT, never())).toMatchObject({ kind: 'accepted', receipts: true });
    expect(lastForm()).not.toHaveProperty('StatusCallback');
  });

  it('goes to another address with a path of its own, and nowhere that the environment says', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { TWILIO_REGION: 'ie1', TWILIO_EDGE: 'dublin', TWILIO_ACCOUNT_SID: 'AC1' });
    try {
      const behind = await open({ from: '+15005550006' }, { baseUrl: `${fake.url}/mock/` });
      // The fake knows the account only at the root.
      expect(await behind.send(TEXT, never())).toMatchObject({ kind: 'later', account: true });
      expect(fake.calls.map(({ path }) => path)).toEqual([
        `/mock/2010-04-01/Accounts/${fake.accountSid}/Messages.json`,
      ]);
    } finally {
      for (const name of ['TWILIO_REGION', 'TWILIO_EDGE', 'TWILIO_ACCOUNT_SID'])
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  });

  it.each([
    [
      { status: 200, body: { status: 'active', friendly_name: 'The shop' } },
      { kind: 'proven', name: 'The shop' },
    ],
    [{ status: 200, body: 'OK' }, { kind: 'proven' }],
    [
      { status: 200, body: { status: 'suspended' } },
      { kind: 'refused', field: 'account_sid', code: 'suspended' },
    ],
    [
      { status: 200, body: { status: 'closed' } },
      { kind: 'refused', field: 'account_sid' },
    ],
    [twilioError(401, null), { kind: 'refused', field: 'auth_token', code: 'http_401' }],
    [twilioError(404, 20404), { kind: 'untried', code: '20404' }],
    [
      { status: 500, body: 'oops' },
      { kind: 'untried', code: 'http_500' },
    ],
  ])('is tested by asking for it: %j', async (reply, outcome) => {
    fake.accountReply = reply;
    expect(await carrier.test(never())).toMatchObject(outcome);
    expect(fake.calls).toMatchObject([{ method: 'GET', path: `/2010-04-01/Accounts/${fake.accountSid}.json` }]);
    fake.accountReply = null;
  });

  it('fetches what became of a text, with its code and price', async () => {
    fake.fate = () => ({ status: 'undelivered', code: 30003 });
    const sent = await carrier.send(TEXT, never());
    const ref = sent.kind === 'accepted' ? sent.ref! : '';
    expect(await carrier.fetchReceipt!(ref, never())).toEqual({
      kind: 'receipt',
      ref,
      attempt: null,
      state: 'failed',
      status: 'undelivered',
      code: '30003',
      reason: expect.any(String),
      price: { amount: '0.00750', currency: 'USD' },
    });
    expect(await carrier.fetchReceipt!(`SM${'f'.repeat(32)}`, never())).toBe('none');
    expect(await (await open({ auth_token: 'wrong' })).fetchReceipt!(ref, never())).toBe('later');
    fake.fate = () => ({ status: 'delivered', code: null });
  });

  it('fetches the texts that came while nobody listened, over all pages, oldest first', async () => {
    const since = new Date('2026-11-21T08:00:00Z');
    for (let minute = -90; minute < 2400; minute++) {
      now = new Date(since.getTime() + minute * 60_000);
      if (minute % 2 === 0) fake.receive('+12025550142', '+15005550006', `text ${minute}`);
      else if (minute % 3 === 0) fake.receive('whatsapp:+12025550142', 'whatsapp:+15005550006', `text ${minute}`);
      else fake.taken.push({ ...TEXT, ref: `SM${minute}`, callbackUrl: null, status: 'sent', code: null, at: now });
    }
    const texts = (await carrier.fetchInbound!(since, never()))!;
    const expected = Array.from({ length: 2400 }, (_, i) => i).filter((i) => i % 2 === 0 || i % 3 === 0);
    expect(texts.map(({ text }) => text)).toEqual(expected.map((minute) => `text ${minute}`));
    expect(texts[0]).toMatchObject({ kind: 'inbound', channel: 'sms', from: '+12025550142', received_at: since });
    expect(texts[2]).toMatchObject({ channel: 'whatsapp', from: '+12025550142', to: '+15005550006' });
    expect(fake.calls).toHaveLength(3);
    expect(fake.calls[0]!.query.get('DateSent>')).toBe('2026-11-21T00:00:00Z');
  });

  it('fetches nothing rather than a part, and reads no further back than it has to', async () => {
    now = new Date('2026-11-21T01:00:00Z');
    for (let i = 0; i < 2500; i++) fake.receive('+12025550142', '+15005550006', 'old');
    expect(await carrier.fetchInbound!(new Date('2026-11-21T08:00:00Z'), never())).toEqual([]);
    expect(fake.calls).toHaveLength(1);
    fake.listReply = ({ query }) => (query.get('Page') === '1' ? twilioError(500, null) : null);
    expect(await carrier.fetchInbound!(new Date('2026-11-21T00:00:00Z'), never())).toBeNull();
    fake.listReply = () => null;
  });

  it('reads what the fake signs, also a text that Twilio recognised as a stop word', () => {
    const text = fake.receive('+12025550142', '+15005550006', 'stop', { OptOutType: 'STOP' });
    const call = callOf('inbound', fake.inboundCallback(text, `${PUBLIC_URL}/carriers/twilio/inbound`));
    expect(carrier.readCallback(call)).toMatchObject({ kind: 'read', events: [{ text: 'stop', keyword: 'stop' }] });
  });

  describe('calls by telephone', () => {
    const ring = { from: '+15005550006', to: '+12025550142', url: `${PUBLIC_URL}/join-conference?conferenceName=a` };
    const code = expect.any(String);
    const reason = expect.not.stringContaining('2025550142');
    it.each([
      ['are made by one call of Twilio', null, { kind: 'accepted', ref: expect.stringMatching(/^CA/) }],
      [
        'are made, even if Twilio says so in strange words',
        { status: 200, body: 'yes' },
        { kind: 'accepted', ref: null },
      ],
      ['are refused', twilioError(400, 21215), { kind: 'refused', code: '21215', reason }],
      ['are refused without a code', { status: 404, body: '' }, { kind: 'refused', code: 'http_404', reason }],
      ['may be made later', twilioError(429, 20429), { kind: 'later', code: '20429', reason }],
      ['may be made with other credentials', twilioError(401, 20003), { kind: 'later', code: '20003', reason }],
      ['may ring after a failure', twilioError(500, null), { kind: 'unknown', reason }],
    ] as const)('%s', async (_, reply, outcome) => {
      fake.callReply = () => reply;
      expect(await carrier.startCall!(ring, never())).toEqual(outcome);
      expect(fake.calls.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
        { To: ring.to, From: ring.from, Url: ring.url },
      ]);
    });

    it('do not ring where nobody could be asked', async () => {
      const nobody = await open({}, { baseUrl: 'http://127.0.0.1:9' });
      expect(await nobody.startCall!(ring, never())).toEqual({ kind: 'later', code, reason });
      expect(await carrier.startCall!(ring, AbortSignal.abort())).toEqual({ kind: 'later', code, reason });
      expect(fake.calls).toEqual([]);
    });
  });

  it('is registered by its name, and given by the environment when that names it', () => {
    expect(kinds.find('twilio')).toBe(kind);
    expect(kind.callbackPaths).toEqual({ inbound: '/carriers/twilio/inbound', voice: '/carriers/twilio/voice' });
    const set = { TWILIO_ACCOUNT_SID: fake.accountSid, TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+15005550006' };
    const values = { account_sid: fake.accountSid, auth_token: 'token', from: '+15005550006' };
    expect(kind.fromEnvironment(loadConfig(set))).toEqual(values);
    expect(kind.fromEnvironment(loadConfig({}))).toBeNull();
    expect(kind.baseUrl(loadConfig({ TWILIO_BASE_URL: 'http://127.0.0.1:9' }))).toBe('http://127.0.0.1:9');
    expect(kind.accountId(values)).toBe(fake.accountSid);
    expect(kind.secrets.filter((name) => name in values)).toEqual(['auth_token']);
  });

  it.each([
    [{ from: '+15005550006' }, '+15005550006'],
    [{ from: '15005550006' }, '+15005550006'],
    [{ from: '40404' }, '40404'],
    [{ from: '+15005550006', messaging_service_sid: MG }, MG],
    [{}, null],
  ])('has texts come by a sender: %j', (values, sender) => {
    expect(kind.sender({ ...account, ...values })).toBe(sender);
  });
});
