import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { addPerson, must, PASSWORD } from '../support/people.js';
import { Providers } from '../support/providers.js';
import { createKey } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

const POOL = ['+12065550121', '+12065550122', '+12065550123'];
const NAME = 'masked';
const SECRET = 'a-password-of-the-environment';
const MINUTE = 60;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Side {
  sid: string;
  messagingBinding: { type: string; address: string; proxy_address: string };
}

describe('sessions, as the source system on Twilio had them', () => {
  let providers: Providers;
  let admin: Api;
  let api: Api;
  let people = 0;
  let a: string;
  let b: string;

  beforeAll(async () => {
    providers = await Providers.start({
      NUMBER_POOL: JSON.stringify(POOL),
      AUTH_USERNAME: NAME,
      AUTH_PASSWORD: SECRET,
      JWT_ACCESS_MINUTES: '1000000',
      CONVERSATION_SESSION_TIMEOUT_IN_MINUTES: 'PT5M',
      CONVERSATION_SESSION_CLOSED_IN_MINUTES: '60',
    });
    admin = await providers.gateway.admin();
    api = providers.gateway.api.withBasic(NAME, SECRET);
  });
  afterAll(() => providers.stop());
  beforeEach(async () => {
    providers.gateway.clock.advance(MINUTE);
    for (const { sid, state } of must(200, await api.get('/sessions?limit=500')))
      if (state !== 'closed') must(200, await api.delete(`/sessions/${sid}`));
    [a, b] = [1, 2].map(() => `+1202556${String(1000 + ++people)}`) as [string, string];
  });

  const create = (body: object = {}) => api.post('/sessions', { addresses: [a, b], ...body });
  const created = async (body: object = {}) => must(200, await create(body));
  const proxyOf = (session: { participants: Side[] }, address: string) =>
    session.participants.find(({ messagingBinding }) => messagingBinding.address === address)!.messagingBinding
      .proxy_address;
  /** Somebody writes to the number that they see. */
  async function write(session: { participants: Side[] }, from: string, text: string): Promise<void> {
    providers.gateway.clock.advance(1);
    const received = providers.twilio.receive(from, proxyOf(session, from), text);
    const { method, url, headers, body } = providers.twilio.inboundCallback(received, providers.urls.twilioInbound);
    expect((await fetch(url, { method, headers, body })).status).toBe(200);
    await providers.workThrough();
  }
  const open = async () =>
    must(200, await api.get('/sessions?limit=500')).filter(({ state }: { state: string }) => state !== 'closed');

  it('are created with a number of the pool for each participant', async () => {
    const now = providers.gateway.clock.now();
    const session = await created({ friendlyName: 'Order 7', uniqueName: 'order-7', attributes: '{"order":7}' });
    const binding = (address: string) => ({
      type: 'sms',
      address,
      proxy_address: expect.stringMatching(/^\+1206555012/),
    });
    const side = (address: string) => ({
      sid: expect.stringMatching(/^par_/),
      identity: null,
      messagingBinding: binding(address),
      messaging_binding: binding(address),
    });
    expect(session).toEqual({
      sid: expect.stringMatching(/^CH[0-9a-f]{32}$/),
      conversationSid: session.sid,
      state: 'active',
      friendlyName: 'Order 7',
      uniqueName: 'order-7',
      attributes: '{"order":7}',
      timers: {
        date_inactive: new Date(now.getTime() + 5 * MINUTE * 1000).toISOString(),
        date_closed: new Date(now.getTime() + 60 * MINUTE * 1000).toISOString(),
      },
      dateCreated: now.toISOString(),
      participants: [side(a), side(b)],
    });
    for (const { messagingBinding, messaging_binding } of session.participants)
      expect(messaging_binding).toEqual(messagingBinding);
    for (const id of [session.sid, session.sid.slice(2)])
      expect(must(200, await api.get(`/sessions/${id}`))).toEqual(session);
    expect((await open())[0]).toEqual(session);
  });

  it.each<[string, () => [body: unknown, headers?: Record<string, string>]]>([
    [
      'a form with the address several times',
      () => [
        form([
          ['address', a],
          ['address', b],
        ]),
        FORM,
      ],
    ],
    [
      'a form with addresses',
      () => [
        form([
          ['addresses', a],
          ['addresses', b],
          ['friendlyName', 'x'],
        ]),
        FORM,
      ],
    ],
    ['JSON with addresses', () => [{ addresses: [a, b] }]],
    ['JSON with address, and fields that nobody knows', () => [{ address: [a, b], messagingServiceSid: 'MG1', x: 1 }]],
    ['digits without a plus', () => [{ addresses: [a.slice(1), b.slice(1)] }]],
  ])('are created by %s', async (_, make) => {
    const [body, headers] = make();
    const session = must(200, await api.post('/proxypoc/sessions', body, headers));
    expect(session.participants.map(({ messagingBinding }: Side) => messagingBinding.address)).toEqual([a, b]);
  });
  const form = (fields: [string, string][]) => new URLSearchParams(fields).toString();

  it.each<[string, () => [body: unknown, headers?: Record<string, string>]]>([
    ['address', () => [{ address: a }]],
    ['addresses', () => [{ addresses: a }]],
    ['a form', () => [form([['address', a]]), FORM]],
  ])('are created with one person by %s, and completed later', async (_, make) => {
    const session = must(200, await api.post('/sessions', ...make()));
    expect(session.participants).toHaveLength(1);
    const start = [proxyOf(session, a), a, '[SMS]: Your new session has started, send a message!'];
    const sent = () => providers.twilio.taken.map(({ from, to, text }) => [from, to, text]);
    await waitFor(() => expect(sent().at(-1)).toEqual(start));
    await write(session, a, 'Anybody?');
    const none = '[SMS]: Your message could not be delivered.';
    await waitFor(() => expect(sent().at(-1)).toEqual([proxyOf(session, a), a, none]));
    const both = must(200, await api.post(`/sessions/${session.sid}/participants`, { address: b }));
    await write(session, a, 'There you are.');
    await waitFor(() => expect(sent().at(-1)).toEqual([proxyOf(both, b), b, 'There you are.']));
  });

  it('have unique names while they are open, by which they are found and closed', async () => {
    const uniqueName = `order 7/${'x'.repeat(246)}ế`;
    const path = `/sessions/${encodeURIComponent(uniqueName)}`;
    const first = await created({ uniqueName });
    const other = {
      addresses: [`+1202558${String(1000 + ++people)}`, `+1202558${String(1000 + ++people)}`],
      uniqueName,
    };
    const refused = await api.post('/sessions', other);
    expect([refused.status, refused.body]).toEqual([
      500,
      { message: 'Could not create session', raw_message: 'Conversation with provided unique name already exists' },
    ]);
    expect(must(200, await api.get(path)).sid).toBe(first.sid);
    expect(must(200, await api.get(`/proxypoc${path}/messages`))).toEqual([]);
    expect(must(200, await api.delete(path))).toMatchObject({ sid: first.sid, state: 'closed', uniqueName });
    for (const gone of [await api.get(path), await api.delete(path)])
      expect([gone.status, gone.body.raw_message]).toEqual([404, 'session_not_found']);
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.post('/sessions', { ...other })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 500, 500, 500, 500]);
    expect(new Set(answers.filter(({ status }) => status === 500).map(({ body }) => body.raw_message)).size).toBe(1);
    const tenant = await openTenantShop(providers.gateway, 'namesake');
    expect((await tenant.admin.get(path)).status).toBe(404);
    providers.gateway.clock.advance(60 * MINUTE);
    must(200, await api.post('/sessions', other));
  });

  it('take people of WhatsApp, on the number’s own WhatsApp', async () => {
    const session = await created({ addresses: [a, `whatsapp:${b}`] });
    expect(session.participants[1].messagingBinding).toEqual({
      type: 'whatsapp',
      address: `whatsapp:${b}`,
      proxy_address: expect.stringMatching(/^whatsapp:\+1206555012/),
    });
  });

  it('give a person another number in each of their open sessions, and free it when one is closed', async () => {
    const used = new Set<string>();
    const sessions = [];
    for (const _ of POOL) {
      const other = `+1202557${String(1000 + ++people)}`;
      const session = await created({ addresses: [a, other] });
      sessions.push(session);
      used.add(proxyOf(session, a));
    }
    expect([...used].sort()).toEqual(POOL);
    const refused = await create();
    expect([refused.status, refused.body]).toEqual([
      500,
      {
        message: 'Could not add participants session',
        raw_message: `Not enough numbers available in pool for ${a}`,
      },
    ]);
    expect(await open()).toHaveLength(POOL.length);
    expect(must(200, await api.get(`/participantsessions?phoneNumber=${encodeURIComponent(b)}`))).toEqual([]);
    must(200, await api.delete(`/sessions/${sessions[1].sid}`));
    expect(proxyOf(await created(), a)).toBe(proxyOf(sessions[1], a));
  });

  it('stay apart when two are created at once for one person', async () => {
    const others = POOL.map(() => `+1202558${String(1000 + ++people)}`);
    const answers = await Promise.all([...others, b].map((other) => create({ addresses: [a, other] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 500]);
    const numbers = answers.filter(({ status }) => status === 200).map(({ body }) => proxyOf(body, a));
    expect(numbers.sort()).toEqual(POOL);
  });

  it('relay what people write, and keep it in their history', async () => {
    const session = await created();
    await write(session, a, 'Where are you?');
    await write(session, b, 'Here.');
    await waitFor(() =>
      expect(providers.twilio.taken.slice(-2).map(({ from, to, text }) => [from, to, text])).toEqual([
        [proxyOf(session, b), b, 'Where are you?'],
        [proxyOf(session, a), a, 'Here.'],
      ]),
    );
    const [first, second] = session.participants as [Side, Side];
    expect(must(200, await api.get(`/sessions/${session.sid}/messages`))).toMatchObject([
      { index: 0, participantSid: first.sid, author: a, body: 'Where are you?' },
      { index: 1, participantSid: second.sid, author: b, body: 'Here.' },
    ]);
  });

  it('are closed for good, by hand', async () => {
    const { sid } = await created();
    expect(must(200, await api.delete(`/proxypoc/sessions/${sid}`))).toMatchObject({ sid, state: 'closed' });
    expect((await api.delete(`/sessions/${sid}`)).status).toBe(404);
    expect(must(200, await api.get(`/sessions/${sid}`)).state).toBe('closed');
    expect(must(200, await api.get(`/participantsessions?phoneNumber=${encodeURIComponent(a)}`))).toEqual([]);
  });

  it('become inactive, and are closed, as their timers say', async () => {
    const { sid } = await created({ timers: { inactive: 'PT1M', closed: 'PT10M' } });
    const state = async () => must(200, await api.get(`/sessions/${sid}`)).state;
    providers.gateway.clock.advance(MINUTE);
    expect(await state()).toBe('inactive');
    providers.gateway.clock.advance(9 * MINUTE - 1);
    expect(await state()).toBe('inactive');
    providers.gateway.clock.advance(1);
    expect(await state()).toBe('closed');
  });

  it('never end when their timers say never, also in a form', async () => {
    const body = form([
      ['address', a],
      ['address', b],
      ['timers.inactive', 'PT0M'],
      ['timers.closed', 'PT0M'],
    ]);
    const session = must(200, await api.post('/sessions', body, FORM));
    expect(session.timers).toEqual({});
  });

  it('are found by a participant, at the number that they see', async () => {
    const session = await created({ friendlyName: 'Order 8' });
    const [side] = session.participants as [Side];
    const found = (address: string, proxy: string) =>
      api.get(`/participants?${new URLSearchParams({ address, proxyAddress: proxy }).toString()}`);
    const shown = {
      participantSid: side.sid,
      participantIdentity: null,
      participantMessagingBinding: side.messagingBinding,
      conversationSid: session.sid,
      conversationState: 'active',
      conversationFriendlyName: 'Order 8',
      conversationUniqueName: null,
      conversationAttributes: '{}',
      conversationTimers: session.timers,
      conversationDateCreated: session.dateCreated,
    };
    expect(must(200, await found(a, proxyOf(session, a)))).toEqual(shown);
    expect(must(200, await api.get(`/proxypoc/participantsessions?phoneNumber=${encodeURIComponent(a)}`))).toEqual([
      shown,
    ]);
    for (const [address, proxy] of [
      [a, b],
      ['+12025550000', proxyOf(session, a)],
      ['nobody', 'nothing'],
    ] as const) {
      const { status, body } = await found(address, proxy);
      expect([status, body]).toEqual([
        404,
        { message: expect.stringMatching(/does not exist/), raw_message: 'participant_not_found' },
      ]);
    }
    expect((await api.get('/participants')).status).toBe(400);
  });

  it.each([
    ['no addresses', {}, 'participants|addresses'],
    ['an address twice', { addresses: ['+12025550111', '12025550111'] }, 'addresses.1'],
    ['a word', { addresses: ['+12025550111', 'nobody'] }, 'addresses.1'],
    ['a number of the pool', { addresses: ['+12025550111', POOL[0]] }, 'addresses.1'],
    ['51 addresses', { addresses: Array.from({ length: 51 }, (_, i) => `+1202555${1000 + i}`) }, 'addresses'],
    [
      'a short timer',
      { addresses: ['+12025550111', '+12025550112'], timers: { inactive: 'PT30S' } },
      'timers.inactive',
    ],
    ['a short timer', { addresses: ['+12025550111', '+12025550112'], 'timers.closed': 'PT9M' }, 'timers.closed'],
    ['no timer', { addresses: ['+12025550111', '+12025550112'], timers: { closed: 'soon' } }, 'timers.closed'],
  ])('are refused with %s: %j', async (_, body, field) => {
    const answer = await api.post('/sessions', body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { message: expect.stringMatching(new RegExp(`^(${field})`)), raw_message: 'invalid_request' },
    ]);
    expect(await open()).toEqual([]);
  });

  it.each(['nobody', `CH${'0'.repeat(32)}`, '0'.repeat(32)])('do not know %s', async (sid) => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/messages'],
      ['DELETE', ''],
    ] as const) {
      const { status, body } = await api.call(method, `/sessions/${sid}${path}`);
      expect([status, body]).toEqual([
        404,
        { message: expect.stringContaining(sid), raw_message: 'session_not_found' },
      ]);
    }
  });

  it('are for users, for keys, and for whom the environment names, at these paths alone', async () => {
    const { gateway } = providers;
    const viewer = await addPerson(gateway, admin, 'viewer');
    const operator = await addPerson(gateway, admin, 'operator');
    const key = gateway.api.withKey((await createKey(admin, ['proxy:manage'])).plain_key);
    for (const by of [key, gateway.api.withBasic(operator.username, PASSWORD)])
      must(
        200,
        await by.post('/sessions', { addresses: [`+1202559${1000 + ++people}`, `+1202559${1000 + ++people}`] }),
      );
    must(200, await gateway.api.withBasic(viewer.username, PASSWORD).get('/sessions'));
    const refused = await viewer.api.post('/sessions', { addresses: [a, b] });
    expect([refused.status, refused.body.raw_message]).toEqual([403, 'forbidden']);
    for (const by of [gateway.api, gateway.api.withBasic(NAME, 'wrong'), gateway.api.withBasic('other', SECRET)]) {
      const { status, body } = await by.get('/sessions');
      expect([status, body]).toEqual([401, { message: expect.any(String), raw_message: 'unauthenticated' }]);
    }
    for (const path of ['/tn', '/requests', '/auth/me']) expect((await api.get(path)).status).toBe(401);
  });

  it('are each tenant’s own, and are written into the audit log', async () => {
    const { sid } = await created();
    const other = await openTenantShop(providers.gateway, 'other');
    expect((await other.admin.get(`/sessions/${sid}`)).status).toBe(404);
    expect((await other.admin.delete(`/sessions/${sid}`)).status).toBe(404);
    expect(must(200, await other.admin.get('/sessions'))).toEqual([]);
    must(200, await api.delete(`/sessions/${sid}`));
    const data = { session_id: sid.slice(2) };
    expect(must(200, await admin.get('/admin/audit-logs?limit=500')).items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'OPEN_SESSION', data }),
        expect.objectContaining({ action: 'CLOSE_SESSION', data }),
      ]),
    );
  });

  it.each(['/global-webhook', '/proxypoc/global-webhook', '/conversations-post-event'])(
    'take what Twilio’s own conversations tell at %s, and believe nothing of it',
    async (path) => {
      const { sid } = await created();
      const event = form([
        ['EventType', 'onConversationStateUpdated'],
        ['StateTo', 'closed'],
        ['ConversationSid', sid],
      ]);
      const answer = await providers.gateway.api.post(path, event, FORM);
      expect([answer.status, answer.body]).toEqual([200, '']);
      expect(must(200, await api.get(`/sessions/${sid}`)).state).toBe('active');
    },
  );

  it('tell of every error in their own shape', async () => {
    const put = await api.put('/sessions', {});
    expect([put.status, put.body.raw_message]).toEqual([405, 'method_not_allowed']);
    const broken = await api.post('/sessions', '{"addresses":');
    expect([broken.status, broken.body.raw_message]).toEqual([400, 'invalid_json']);
    const csv = await api.post('/sessions', 'a,b', { 'content-type': 'text/csv' });
    expect([csv.status, csv.body.raw_message]).toEqual([415, 'unsupported_media_type']);
    const large = await api.post('/sessions', { attributes: 'x'.repeat(2 ** 20) });
    expect([large.status, large.body.raw_message]).toEqual([413, 'body_too_large']);
    const nul = await api.post('/sessions', 'address=%00', FORM);
    expect([nul.status, nul.body.raw_message]).toEqual([400, 'invalid_form']);
  });
});

describe('the password of the environment', () => {
  it('can not be guessed into', async () => {
    const name = { AUTH_USERNAME: 'guess', AUTH_PASSWORD: SECRET };
    const other = await Providers.start(name);
    const wrong = other.gateway.api.withBasic('guess', 'wrong');
    for (let i = 0; i < 10; i++) expect((await wrong.get('/sessions')).status).toBe(401);
    expect((await other.gateway.api.withBasic('guess', SECRET).get('/sessions')).status).toBe(429);
    await other.stop();
  });
});
