import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { addPerson, must } from '../support/people.js';
import { CALLBACK_TOKEN, Providers } from '../support/providers.js';
import { createKey } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { waitFor } from '../support/wait-for.js';

const PREFIX = '[SAFE RIDE]: ';
const START = `${PREFIX}Your new session has started, send a message!`;
const END = `${PREFIX}This session has ended, talk to you again soon!`;
const NONE = `${PREFIX}Write to support.`;
const TN = '12065550101';

describe('sessions, as the source system had them', () => {
  let providers: Providers;
  let admin: Api;
  let client: Api;
  let a: string;
  let b: string;
  let people = 0;

  beforeAll(async () => {
    providers = await Providers.start({
      ORG_NAME: 'Safe Ride',
      NO_SESSION_MSG: 'Write to support.',
      JWT_ACCESS_MINUTES: '1000000',
    });
    admin = await providers.gateway.admin();
    client = providers.gateway.api.withKey((await createKey(admin, ['proxy:manage'])).plain_key);
    must(200, await client.post('/tn', { value: TN }));
  });
  afterAll(() => providers.stop());
  beforeEach(async () => {
    providers.gateway.clock.advance(60);
    for (const { id } of (await list()).sessions) must(200, await client.delete('/session', { session_id: id }));
    [a, b] = [1, 2].map(() => `1202555${String(1000 + ++people)}`) as [string, string];
    await quiet();
    providers.flowroute.taken.length = 0;
  });

  const list = async () => must(200, await client.get('/session'));
  const open = (more: object = {}) => client.post('/session', { participant_a: a, participant_b: b, ...more });
  const digits = (number: string | null) => String(number).replace(/\D/g, '');
  /** Everything that has gone out, in its order. */
  const sent = () => providers.flowroute.taken.map(({ from, to, text }) => [digits(from), digits(to), text]);
  async function quiet(): Promise<void> {
    await waitFor(async () => {
      for (const status of ['PENDING', 'ASSIGNED'])
        expect(must(200, await admin.get(`/messages/all?status=${status}&limit=1`)).items).toEqual([]);
    });
  }
  /** Somebody writes to a number of the pool. */
  async function write(from: string, text: string, to = TN): Promise<void> {
    const answer = await fetch(`${providers.gateway.url}/?token=${CALLBACK_TOKEN}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, from, body: text }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await providers.workThrough();
  }

  it('are opened on a free number, and both are told so, first A and then B', async () => {
    const { status, body } = await open();
    expect([status, body]).toEqual([
      200,
      {
        message: 'Created new session',
        status: 'succeeded',
        session_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        expiry_date: null,
        virtual_tn: TN,
        participant_a: a,
        participant_b: b,
      },
    ]);
    expect(sent()).toEqual([
      [TN, a, START],
      [TN, b, START],
    ]);
  });

  it.each([
    ['10', 10],
    [10, 10],
    [0, null],
    ['0', null],
    [null, null],
  ])('with an expiry window of %j expire after that many minutes, or never', async (expiry_window, minutes) => {
    const now = providers.gateway.clock.now().getTime();
    const time = (millis: number) => new Date(millis).toISOString().slice(0, 19).replace('T', ' ');
    const expected = minutes === null ? null : time(now + minutes * 60_000);
    const { expiry_date, session_id } = must(200, await open({ expiry_window, other: 'ignored' }));
    expect(expiry_date).toBe(expected);
    expect(await list()).toEqual({
      total_sessions: 1,
      sessions: [
        {
          id: session_id,
          date_created: time(now),
          virtual_tn: TN,
          participant_a: a,
          participant_b: b,
          expiry_date: expected,
        },
      ],
    });
  });

  it('echo numbers as they were given, and list them in one form', async () => {
    const opened = must(200, await open({ participant_a: Number(a), participant_b: `+${b}` }));
    expect(opened).toMatchObject({ participant_a: a, participant_b: `+${b}` });
    expect((await list()).sessions).toMatchObject([{ participant_a: a, participant_b: b }]);
  });

  it('are refused while no number is free', async () => {
    const none = { message: 'Could not create a new session -- No virtual TNs available.', status: 'failed' };
    must(200, await open());
    providers.flowroute.taken.length = 0;
    const busy = await open({ participant_a: '12025559998', participant_b: '12025559999' });
    expect([busy.status, busy.body]).toEqual([400, none]);
    expect((await list()).total_sessions).toBe(1);
    const empty = await openTenantShop(providers.gateway, 'empty');
    const refused = await empty.admin.post('/session', { participant_a: a, participant_b: b });
    expect([refused.status, refused.body]).toEqual([400, none]);
    expect(sent()).toEqual([]);
  });

  it('leave nothing behind when the texts can not be sent', async () => {
    const refusal = { errors: [{ title: 'Unprocessable Entity', detail: "'to' is not a valid number." }] };
    providers.flowroute.next({ reply: { status: 422, body: refusal } });
    const { status, body } = await open();
    expect([status, body]).toEqual([
      500,
      {
        message: "An error occured when requesting against Flowroute's API.",
        strerr: expect.stringMatching(/\S/),
        reason: 'InternalSMSDispatcherError',
      },
    ]);
    expect(await list()).toEqual({ total_sessions: 0, sessions: [] });
    expect(must(200, await client.get('/tn'))).toMatchObject({ pool_size: 1, available: 1, in_use: 0 });
    must(200, await open());
  });

  it('relay from A to B and from B to A, each text once and as it is', async () => {
    must(200, await open());
    providers.flowroute.taken.length = 0;
    await write(a, 'Where are you?');
    await waitFor(() => expect(sent()).toEqual([[TN, b, 'Where are you?']]));
    await write(b, 'At the gate 👋');
    await waitFor(() => expect(sent().slice(1)).toEqual([[TN, a, 'At the gate 👋']]));
    await quiet();
    expect(sent()).toHaveLength(2);
  });

  it('are none of a stranger’s, who is told so from the number that was written to', async () => {
    must(200, await open());
    providers.flowroute.taken.length = 0;
    await write('12025550177', 'Hello?');
    await waitFor(() => expect(sent()).toEqual([[TN, '12025550177', NONE]]));
  });

  it('are over once they have expired: then their participants are strangers', async () => {
    must(200, await open({ expiry_window: 10 }));
    providers.flowroute.taken.length = 0;
    providers.gateway.clock.advance(10 * 60);
    await write(a, 'Still there?');
    await waitFor(() => expect(sent()).toEqual([[TN, a, NONE]]));
    expect((await list()).total_sessions).toBe(0);
    expect(must(200, await client.get('/tn'))).toMatchObject({ available: 1, in_use: 0 });
  });

  it('free their number at the moment of their expiry', async () => {
    must(200, await open({ expiry_window: 10 }));
    providers.gateway.clock.advance(10 * 60);
    expect((await open({ participant_a: '12025559996', participant_b: '12025559997' })).status).toBe(200);
    expect((await list()).total_sessions).toBe(1);
  });

  it('are ended once, and both are told so, and the number is free', async () => {
    const { session_id } = must(200, await open());
    providers.flowroute.taken.length = 0;
    expect(must(200, await client.delete('/session', { session_id }))).toEqual({
      message: 'Successfully ended the session.',
      status: 'succeeded',
      session_id,
    });
    await waitFor(() =>
      expect(sent().toSorted()).toEqual([
        [TN, a, END],
        [TN, b, END],
      ]),
    );
    const again = await client.delete('/session', { session_id });
    expect([again.status, again.body]).toEqual([404, unknown(session_id)]);
    expect(must(200, await client.get('/tn'))).toMatchObject({ available: 1, in_use: 0 });
    expect((await list()).total_sessions).toBe(0);
  });

  const unknown = (id: unknown) => ({
    message: `ProxySession ${String(id)} could not be deleted because it does not exist`,
    reason: 'ProxySession not found',
  });

  it.each(['0'.repeat(32), 'nobody', 7])('does not know %j', async (session_id) => {
    const { status, body } = await client.delete('/session', { session_id });
    expect([status, body]).toEqual([404, unknown(session_id)]);
  });

  it.each([
    [{}],
    [{ participant_a: '12025550111' }],
    [{ participant_b: '12025550111' }],
    [{ participant_a: '12025550111', participant_b: '1'.repeat(19) }],
    [{ participant_a: '12025550111', participant_b: null }],
    [undefined],
  ])('say what they need when they get %j', async (body) => {
    const answer = await client.post('/session', body);
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        message: "Required argument: 'participant_a' (str, length <= 18), 'participant_b' (str, length <= 18)",
        reason: 'invalidAPIUsage',
      },
    ]);
  });

  it.each([[{}], [{ session_id: null }], [{ session_id: [] }], [undefined]])(
    'say what they need to be ended when they get %j',
    async (body) => {
      const answer = await client.delete('/session', body);
      expect([answer.status, answer.body]).toEqual([
        400,
        { message: "Required argument: 'session_id' (str)", reason: 'invalidAPIUsage' },
      ]);
    },
  );

  it.each([
    ['participant_b', 'that is participant_a', { participant_a: '12025550111', participant_b: '+1 202 555 0111' }],
    ['participant_a', 'that is no number', { participant_a: 'nobody', participant_b: '12025550111' }],
    ['participant_b', 'that is no number', { participant_a: '12025550111', participant_b: '123' }],
    ['participant_a', 'that is a number of the pool', { participant_a: TN, participant_b: '12025550111' }],
    ['participant_b', 'that is a number of the pool', { participant_a: '12025550111', participant_b: `+${TN}` }],
  ])('refuse a %s %s', async (field, _, body) => {
    const answer = await client.post('/session', body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { message: expect.stringMatching(new RegExp(`^'${field}' `)), reason: 'invalidAPIUsage' },
    ]);
    expect((await list()).total_sessions).toBe(0);
  });

  it.each([-1, 'soon', '1.5', 1e308, {}])('refuse an expiry window of %j', async (expiry_window) => {
    const answer = await open({ expiry_window });
    expect([answer.status, answer.body]).toEqual([
      400,
      { message: expect.stringMatching(/^'expiry_window' must be/), reason: 'invalidAPIUsage' },
    ]);
  });

  it('are each tenant’s own, and are written into the audit log', async () => {
    const { session_id } = must(200, await open());
    const other = await openTenantShop(providers.gateway, 'other');
    expect((await other.admin.delete('/session', { session_id })).status).toBe(404);
    expect((await other.admin.get('/session')).body.total_sessions).toBe(0);
    must(200, await client.delete('/session', { session_id }));
    expect(must(200, await admin.get('/admin/audit-logs?limit=500')).items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'OPEN_SESSION', actor_type: 'API_KEY', data: { session_id } }),
        expect.objectContaining({ action: 'CLOSE_SESSION', data: { session_id } }),
      ]),
    );
  });

  it('tell of every error in their own shape', async () => {
    const viewer = await addPerson(providers.gateway, admin, 'viewer');
    must(200, await viewer.api.get('/session'));
    const refused = await viewer.api.post('/session', { participant_a: a, participant_b: b });
    expect([refused.status, refused.body]).toEqual([
      403,
      { message: expect.stringContaining('operator'), reason: 'forbidden' },
    ]);
    const anybody = await providers.gateway.api.get('/session');
    expect([anybody.status, anybody.body.reason]).toEqual([401, 'unauthenticated']);
    const put = await client.put('/session', {});
    expect([put.status, put.body.reason]).toEqual([405, 'method_not_allowed']);
  });
});
