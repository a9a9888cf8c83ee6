import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Carrier, ProviderCall } from '../../src/carriers/carrier.js';
import { CarrierKinds } from '../../src/carriers/carrier-kinds.js';
import { FlowrouteKind } from '../../src/carriers/flowroute/flowroute-kind.js';
import { asTenantId } from '../../src/common/tenant-id.js';
import { FakeFlowroute, flowrouteError } from '../fakes/flowroute.js';
import type { Reply } from '../fakes/provider-server.js';

const NOW = '2026-11-21T10:00:00.000Z';
const ATTEMPT = 'msg_01kah3k0000000000000000001.lea_01kah3k0000000000000000001';
const TOKEN = 'the-secret-in-the-url';
const PUBLIC_URL = 'https://sms.example.test/gateway';
const CALLBACKS = `${PUBLIC_URL}/carriers/flowroute/${TOKEN}`;
const TEXT = { attempt: ATTEMPT, channel: 'sms', to: '+12065550199', from: null, text: 'Chào “bạn” 👋' } as const;

describe('the adapter of Flowroute', () => {
  let fake: FakeFlowroute;
  let carrier: Carrier;
  const never = new AbortController().signal;

  const open = (more: object = {}, { baseUrl = fake.url, publicUrl = PUBLIC_URL as string | null } = {}) =>
    new FlowrouteKind(new CarrierKinds()).open(
      {
        access_key: fake.accessKey,
        secret_key: fake.secretKey,
        from: '+12065550100',
        callback_token: TOKEN,
        ...more,
      },
      { tenant: asTenantId('ten_1'), baseUrl, publicUrl, trustsStandIn: false, now: () => new Date(NOW) },
    );
  const sent = () => {
    const { path, headers, body } = fake.sendCalls().at(-1)!;
    return { path, type: headers['content-type'], body: JSON.parse(body) };
  };

  beforeAll(async () => {
    fake = await new FakeFlowroute(() => new Date(NOW)).start();
  });
  beforeEach(async () => {
    carrier = await open();
  });
  afterAll(() => fake.stop());

  describe('sends', () => {
    const callback = `${CALLBACKS}/receipt?attempt=${ATTEMPT}`;

    it('digits to v2.1, in data and attributes, with where its receipts go', async () => {
      const outcome = await carrier.send(TEXT, never);
      expect(outcome).toEqual({ kind: 'accepted', ref: fake.taken.at(-1)!.ref, receipts: true });
      const attributes = { to: '12065550199', from: '12065550100', body: TEXT.text, dlr_callback: callback };
      expect(sent()).toEqual({
        path: '/v2.1/messages',
        type: 'application/vnd.api+json',
        body: { data: { type: 'message', attributes } },
      });
    });

    it.each([
      ['by the account', { api: 'v2.2', body: 'flat' }, ''],
      ['by the address', { body: 'flat', api: 'v2.1' }, '/v2.2/'],
    ])('E.164 to v2.2, flat where it is asked for: %s', async (_, more, path) => {
      const other = await open(more, { baseUrl: fake.url + path });
      expect(await other.send({ ...TEXT, from: '+12065550101' }, never)).toMatchObject({ kind: 'accepted' });
      expect(sent()).toMatchObject({
        path: '/v2.2/messages',
        body: { to: '+12065550199', from: '+12065550101', body: TEXT.text, dlr_callback: callback },
      });
    });

    it.each([
      [{}, { publicUrl: null }],
      [{ callback_token: '' }, {}],
    ])('without an address for receipts when Flowroute could not call it (%#)', async (more, context) => {
      expect(await (await open(more, context)).send(TEXT, never)).toMatchObject({ kind: 'accepted', receipts: true });
      expect(Object.keys(sent().body.data.attributes)).toEqual(['to', 'from', 'body']);
    });

    it('nothing without a number to send from', async () => {
      const calls = fake.calls.length;
      const outcome = await (await open({ from: '' })).send(TEXT, never);
      expect(outcome).toMatchObject({ kind: 'refused', fault: 'route', code: 'no_sender' });
      expect(fake.calls).toHaveLength(calls);
    });
  });

  const refused = (fault: string, code: string) => ({ kind: 'refused', fault, code });
  const later = (cause: string, code: string) => ({ kind: 'later', cause, code });
  const error = flowrouteError;
  it.each<[string, Reply, object]>([
    [
      'a code in a sentence',
      error(400, 'Client Error', 'Error 1110'),
      { ...refused('recipient', '1110'), opt_out: true },
    ],
    [
      'an opt-out without its code',
      error(400, 'x', 'The user has opted out'),
      { ...refused('recipient', '1110'), opt_out: true },
    ],
    ['a number that only looks like a code', error(400, 'x', 'at most 1000 characters'), refused('route', 'http_400')],
    ['a code of the sender', error(400, 'x', 'no', { code: 1103 }), refused('route', '1103')],
    ['a code of the text', error(400, 'x', 'no', { code: '1152' }), refused('text', '1152')],
    ['a code that would be for now in a receipt', error(400, 'x', 'no', { code: 1210 }), refused('route', '1210')],
    [
      'the number of the account',
      error(403, 'Forbidden', 'The from number is not on your account'),
      refused('route', 'http_403'),
    ],
    ['the recipient', error(422, 'x', 'is not possible'), refused('recipient', 'http_422')],
    ['an ordinary to', error(400, 'x', 'failed to parse'), refused('route', 'http_400')],
    ['a path', error(404, 'Not Found', ''), refused('route', 'http_404')],
    ['a form', error(415, 'x', ''), refused('route', 'http_415')],
    [
      'credentials',
      error(401, 'Unauthorized', 'from an unknown key'),
      { ...later('failure', 'http_401'), account: true },
    ],
    ['what is forbidden', error(403, 'Forbidden', 'no'), { ...later('failure', 'http_403'), account: true }],
    ['a limit that says no time', error(429, 'x', 'to many'), later('load', 'http_429')],
    ['a move', { status: 308, body: '' }, later('failure', 'http_308')],
    ['an overload without a time', error(503, 'x', 'later'), { kind: 'unknown' }],
    [
      'an overload that a proxy tells',
      { status: 503, body: 'x', headers: { 'retry-after': '7' } },
      { kind: 'unknown' },
    ],
    ['a failure in its own words', error(500, 'x', 'no'), { kind: 'unknown' }],
    ['a status that nobody knows', { status: 999, body: '' }, { kind: 'unknown' }],
  ])('tells %s apart', async (_, reply, outcome) => {
    fake.next({ reply });
    expect(await carrier.send(TEXT, never)).toEqual({ ...outcome, reason: expect.any(String), ...timed(outcome) });
  });
  /** A parked account says until when. */
  const timed = (outcome: object) => ('account' in outcome ? { retry_after: 60 } : {});

  const call = (about: ProviderCall['about'], body: unknown, more: Partial<ProviderCall> = {}): ProviderCall => ({
    about,
    method: 'POST',
    url: `${CALLBACKS}/${about === 'status' ? `receipt?attempt=${ATTEMPT}` : 'inbound'}`,
    headers: {},
    address: '203.0.113.9',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
  });
  const read = (about: ProviderCall['about'], body: unknown, more: Partial<ProviderCall> = {}) =>
    carrier.readCallback(call(about, body, more));

  describe('reads received texts', () => {
    const AS_SEEN = {
      body: 'Final test',
      direction: 'inbound',
      from: '12067392634',
      is_mms: false,
      message_encoding: 0,
      message_type: 'longcode',
      status: 'delivered',
      timestamp: '2017-11-16T23:45:29.37Z',
      to: '12012673227',
    };
    const text = {
      kind: 'inbound',
      ref: 'mdr2-1',
      channel: 'sms',
      from: '+12067392634',
      to: '+12012673227',
      text: 'Final test',
      received_at: new Date('2017-11-16T23:45:29.370Z'),
    };
    const wrapped = (attributes: object, more: object = {}) => ({
      data: { attributes: { ...AS_SEEN, ...attributes }, id: 'mdr2-1', type: 'message' },
      ...more,
    });

    it.each<[string, unknown, object]>([
      ['as seen', wrapped({}), text],
      ['without a type', { data: { attributes: AS_SEEN, id: 'mdr2-1' } }, text],
      ['with numbers that are numbers', wrapped({ from: 12067392634, to: 12012673227 }), text],
      ['with amounts in both forms', wrapped({ amount_display: '$0.0040', amount_nanodollars: '4000000' }), text],
      ['from a short code', wrapped({ from: '72345' }), { ...text, from: '72345' }],
      ['with a file', wrapped({ is_mms: 'true', body: null }), { ...text, text: '', media: 1 }],
      [
        'with files',
        wrapped({ is_mms: true }, { included: [{ type: 'media' }, { type: 'media' }] }),
        { ...text, media: 2 },
      ],
      ['without a time', wrapped({ timestamp: 'soon' }), { ...text, received_at: null }],
      [
        'of version 1',
        { to: '12012673227', from: '12067392634', body: 'Final test', id: 'mdr2-1' },
        { ...text, received_at: null },
      ],
      [
        'with an id that is a number',
        { to: '12012673227', from: '12067392634', body: 'Final test', id: 7 },
        { ...text, ref: '7', received_at: null },
      ],
    ])('%s', (_, body, expected) => {
      expect(read('inbound', body)).toEqual({ kind: 'read', events: [expected] });
    });

    it('and nothing in what went out', () => {
      expect(read('inbound', wrapped({ direction: 'outbound' }))).toEqual({ kind: 'read', events: [] });
    });

    it.each<[unknown, string]>([
      ['', 'body'],
      ['{"data":', 'body'],
      ['[]', 'body'],
      ['null', 'body'],
      ['['.repeat(60_000), 'body'],
      [{}, 'id'],
      [{ data: null }, 'data.id'],
      [{ data: [AS_SEEN] }, 'data.id'],
      [{ data: { attributes: AS_SEEN } }, 'data.id'],
      [{ data: { id: 'mdr2-1' } }, 'data.attributes.from'],
      [wrapped({ to: { $ne: 1 } }), 'data.attributes.to'],
      [{ to: '12012673227', id: 'mdr2-1' }, 'from'],
    ])('%j is malformed', (body, field) => {
      expect(read('inbound', body)).toEqual({ kind: 'malformed', field, reason: expect.any(String) });
    });
  });

  describe('reads receipts', () => {
    const receipt = (attributes: object, id: unknown = 'mdr2-1') => ({
      data: { attributes: { body: 'x', level: 2, ...attributes }, id, type: 'delivery_receipt' },
    });

    it.each<[object, object]>([
      [
        { level: 1, status: 'smsc submit', status_code: null },
        { state: 'sent', level: 1, code: null },
      ],
      [
        { status: 'message buffered', status_code: 1003 },
        { state: 'sent', code: '1003' },
      ],
      [
        { status: 'message sent', status_code: '1002' },
        { state: 'sent', code: '1002' },
      ],
      [
        { status: 'pending', status_code: 1001 },
        { state: 'none', code: '1001' },
      ],
      [
        { status: 'delivered', status_code: 1004 },
        { state: 'delivered', code: '1004' },
      ],
      [
        { status: 'Delivered', status_code: 4711 },
        { state: 'delivered', code: '4711' },
      ],
      [
        { status: 'failed', status_code: 4711 },
        { state: 'failed', code: '4711' },
      ],
      [
        { status: 'failed', status_code: 1116 },
        { state: 'failed', code: '1116', reason: 'The number takes no texts' },
      ],
      [
        { status: 'failed', status_code: '1110' },
        { state: 'failed', code: '1110', opt_out: true, reason: expect.any(String) },
      ],
      [
        { status: 'gone fishing', status_code: 1110 },
        { state: 'none', code: '1110' },
      ],
    ])('%j', (attributes, expected) => {
      const { events } = read('status', receipt(attributes)) as { events: readonly object[] };
      const { status } = attributes as { status: string };
      expect(events).toEqual([{ kind: 'receipt', ref: 'mdr2-1', attempt: ATTEMPT, level: 2, status, ...expected }]);
    });

    it('also where texts are expected, with an attempt only where it is one', () => {
      const url = `${CALLBACKS}/inbound?attempt=msg_1`;
      expect(read('inbound', receipt({ status: 'delivered' }), { url })).toMatchObject({
        events: [{ kind: 'receipt', attempt: null, state: 'delivered' }],
      });
      expect(read('inbound', receipt({ status: 'delivered' }, null), { url })).toMatchObject({ field: 'data.id' });
      expect(read('status', receipt({}))).toMatchObject({ field: 'data.attributes.status' });
    });
  });

  it('takes callbacks only with its secret, and from the addresses that are listed', async () => {
    const event = { to: '12012673227', from: '12067392634', body: 'x', id: 'mdr2-1' };
    const forged = { kind: 'forged', reason: expect.any(String) };
    expect(read('inbound', event, { url: `${CALLBACKS}x/inbound` })).toEqual(forged);
    expect((await open({ callback_token: '' })).readCallback(call('inbound', event))).toEqual(forged);
    carrier = await open({ allowed_addresses: '198.51.100.7, 203.0.113.0/28,2001:db8::/32' });
    for (const address of ['203.0.113.9', '::ffff:198.51.100.7', '2001:db8::1'])
      expect(read('inbound', event, { address })).toMatchObject({ kind: 'read' });
    for (const address of ['203.0.113.16', '2001:db9::1', 'nonsense'])
      expect(read('inbound', event, { address })).toEqual(forged);
    expect(read('inbound', '{', { address: '203.0.113.16' })).toEqual(forged);
    carrier = await open({ allowed_addresses: 'nonsense' });
    expect(read('inbound', event)).toEqual(forged);
  });

  it('looks a text up when its receipt did not come', async () => {
    fake.fate = () => ({ status: 'failed', code: 1106 });
    const { ref } = (await carrier.send(TEXT, never)) as { ref: string };
    expect(await carrier.fetchReceipt!(ref, never)).toEqual({
      kind: 'receipt',
      ref,
      attempt: null,
      state: 'failed',
      status: 'failed',
      level: 2,
      code: '1106',
      reason: 'Flowroute has no way to this number',
      price: { amount: '0.004', currency: 'USD' },
    });
    expect(await carrier.fetchReceipt!('mdr2-unknown', never)).toBe('none');
    expect(await (await open({ secret_key: 'x' })).fetchReceipt!(ref, never)).toBe('later');
  });

  it('lists the texts that came since, oldest first, page by page', async () => {
    for (let i = 0; i < 300; i++) {
      fake.received.push({
        id: `mdr2-in-${i}`,
        from: '12067392634',
        to: '12065550100',
        body: `${i}`,
        at: new Date(Date.parse(NOW) + i * 1000),
      });
    }
    const texts = await carrier.fetchInbound!(new Date(Date.parse(NOW) + 10_000), never);
    expect(texts!.map(({ text }) => text)).toEqual(Array.from({ length: 290 }, (_, i) => `${i + 10}`));
    expect(texts![0]).toMatchObject({ ref: 'mdr2-in-10', from: '+12067392634', to: '+12065550100' });
    expect(await (await open({ secret_key: 'x' })).fetchInbound!(new Date(NOW), never)).toBeNull();
  });
});
