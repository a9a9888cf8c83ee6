import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { addPerson, must } from '../support/people.js';
import { Providers } from '../support/providers.js';
import { createKey } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';

const USAGE = { message: "Required argument: 'value' (str, length <= 18)", reason: 'invalidAPIUsage' };
const UNKNOWN = {
  message: 'Virtual TN could not be deleted because it does not exist',
  reason: 'virtual TN not found',
};

describe('the pool, as the source system showed it', () => {
  let providers: Providers;
  let admin: Api;
  let client: Api;

  beforeAll(async () => {
    providers = await Providers.start();
    admin = await providers.gateway.admin();
    client = providers.gateway.api.withKey((await createKey(admin, ['proxy:manage'])).plain_key);
  });
  afterAll(() => providers.stop());
  beforeEach(async () => {
    for (const { session_id } of (await pool()).virtual_tns) {
      if (session_id) must(200, await client.delete('/session', { session_id }));
    }
    for (const { value } of (await pool()).virtual_tns) must(200, await client.delete('/tn', { value }));
  });
  const pool = async (by = client) => must(200, await by.get('/tn'));
  const add = (value: unknown) => client.post('/tn', { value });

  it('takes a number once', async () => {
    const added = await add('12065550101');
    expect([added.status, added.body]).toEqual([
      200,
      { message: 'Successfully added TN to pool', value: '12065550101' },
    ]);
    for (const again of ['12065550101', '+12065550101', 12065550101]) {
      const { status, body } = await add(again);
      expect([status, body]).toEqual([400, { message: 'Virtual TN already exists', reason: 'duplicate virtual TN' }]);
    }
    expect((await pool()).pool_size).toBe(1);
  });

  it.each([
    ['+12065550102', '+12065550102'],
    [12065550102, '12065550102'],
    ['1 (206) 555-0102', '1 (206) 555-0102'],
  ])('echoes %j as it was given, and shows it in its own form', async (value, echoed) => {
    expect(must(200, await add(value)).value).toBe(echoed);
    expect((await pool()).virtual_tns).toEqual([{ value: '12065550102', session_id: null }]);
    expect(must(200, await client.delete('/tn', { value }))).toEqual({
      message: 'Successfully removed TN from pool',
      value: echoed,
      status: 'succeeded',
    });
    expect((await pool()).pool_size).toBe(0);
  });

  it('takes a number that is possible, though nobody can have it', async () => {
    expect((await add('12223334444')).status).toBe(200);
  });

  it('ignores fields that it does not know', async () => {
    expect((await client.post('/tn', { value: '12065550103', note: 'ours' })).status).toBe(200);
  });

  it.each([
    [{}],
    [{ value: null }],
    [{ value: '' }],
    [{ value: '1206555010112065550101' }],
    [{ value: ['12065550101'] }],
    [{ value: true }],
    [[]],
    ['text'],
    [undefined],
  ])('says what it needs when it gets %j', async (body) => {
    for (const method of ['POST', 'DELETE']) {
      const answer = await client.call(method, '/tn', body && JSON.stringify(body));
      expect([answer.status, answer.body]).toEqual([400, USAGE]);
    }
  });

  it.each(['123', 'hello', '+', '1800FLOWERS', '99912345678'])('refuses %j, which is no number', async (value) => {
    const { status, body } = await add(value);
    expect([status, body]).toEqual([
      400,
      { message: expect.stringMatching(/^'value' must be a telephone number/), reason: 'invalidAPIUsage' },
    ]);
    const removed = await client.delete('/tn', { value });
    expect([removed.status, removed.body]).toEqual([404, UNKNOWN]);
  });

  it('counts what is free and what is in use', async () => {
    for (const value of ['12065550101', '12065550102', '12065550103']) must(200, await add(value));
    expect(await pool()).toMatchObject({ pool_size: 3, available: 3, in_use: 0 });
    const session = must(
      200,
      await client.post('/session', { participant_a: '12065550111', participant_b: '12065550112' }),
    );
    const { virtual_tns, ...counts } = await pool();
    expect(counts).toEqual({ pool_size: 3, available: 2, in_use: 1 });
    const used = virtual_tns.filter(({ session_id }: { session_id: string | null }) => session_id);
    expect(used).toEqual([{ value: session.virtual_tn, session_id: session.session_id }]);
  });

  it('keeps a number while a session uses it, and lets it go afterwards', async () => {
    must(200, await add('12065550101'));
    const people = { participant_a: '12065550111', participant_b: '12065550112', expiry_window: 10 };
    const { session_id } = must(200, await client.post('/session', people));
    const refused = await client.delete('/tn', { value: '12065550101' });
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        message: `Cannot delete the number. There is an active ProxySession ${session_id} using that VirtualTN.`,
        status: 'failed',
      },
    ]);
    expect((await pool()).pool_size).toBe(1);
    providers.gateway.clock.advance(10 * 60);
    must(200, await client.delete('/tn', { value: '12065550101' }));
    expect((await pool()).pool_size).toBe(0);
  });

  it('does not know a number that is not there', async () => {
    const { status, body } = await client.delete('/tn', { value: '12065550109' });
    expect([status, body]).toEqual([404, UNKNOWN]);
  });

  it('is each tenant’s own', async () => {
    must(200, await add('12065550101'));
    const other = await openTenantShop(providers.gateway, 'other');
    expect(await pool(other.admin)).toEqual({ virtual_tns: [], pool_size: 0, available: 0, in_use: 0 });
    expect((await other.admin.delete('/tn', { value: '12065550101' })).status).toBe(404);
    must(200, await other.admin.post('/tn', { value: '12065550101' }));
  });

  it('tells of every error in its own shape', async () => {
    const shaped = (reason: string) => ({ message: expect.stringMatching(/\S/), reason });
    const viewer = await addPerson(providers.gateway, admin, 'viewer');
    const anybody = providers.gateway.api;
    const stranger = anybody.withKey((await createKey(admin, ['sms:send'])).plain_key);
    const told = async (calling: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await calling;
      return [status, body];
    };
    must(200, await viewer.api.get('/tn'));
    expect(await told(anybody.get('/tn'))).toEqual([401, shaped('unauthenticated')]);
    expect(await told(stranger.get('/tn'))).toEqual([
      403,
      { message: expect.stringContaining('proxy:manage'), reason: 'forbidden' },
    ]);
    expect(await told(viewer.api.post('/tn', { value: '12065550101' }))).toEqual([403, shaped('forbidden')]);
    expect(await told(client.patch('/tn', {}))).toEqual([405, shaped('method_not_allowed')]);
    expect(await told(client.post('/tn', '{"value":'))).toEqual([400, shaped('invalidAPIUsage')]);
    expect(await told(client.post('/tn', { value: 'x'.repeat(2 ** 20) }))).toEqual([413, shaped('body_too_large')]);
    const form = client.post('/tn', 'value=1', { 'content-type': 'text/plain' });
    expect(await told(form)).toEqual([415, shaped('unsupported_media_type')]);
  });

  it('is written into the audit log', async () => {
    must(200, await add('12065550104'));
    must(200, await client.delete('/tn', { value: '12065550104' }));
    const { items } = must(200, await admin.get('/admin/audit-logs?limit=2'));
    expect(items).toMatchObject([
      { action: 'REMOVE_TN', actor_type: 'API_KEY', data: { number: '+12065550104' } },
      { action: 'ADD_TN', actor_type: 'API_KEY', data: { number: '+12065550104' } },
    ]);
  });
});

describe('the switch for development', () => {
  it('lets anybody in, into these surfaces alone', async () => {
    const providers = await Providers.start({ OPEN_SURFACES: '1' });
    const { api } = providers.gateway;
    must(200, await api.post('/tn', { value: '12065550101' }));
    expect(must(200, await api.get('/session'))).toEqual({ total_sessions: 0, sessions: [] });
    expect((await api.withKey('not-a-key').get('/tn')).status).toBe(401);
    expect((await api.get('/requests')).status).toBe(401);
    await providers.stop();
  });
});
