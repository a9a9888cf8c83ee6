import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';

describe('API keys', () => {
  let gateway: TestGateway;
  let admin: Api;
  let acme: Api;

  beforeAll(async () => {
    gateway = await TestGateway.start({ APIKEY_RATE_LIMIT_PER_DAY_DEFAULT: '777' });
    admin = await gateway.admin();
    acme = (await addTenant(gateway, admin, 'acme')).admin.api;
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.clock.set('2126-11-21T10:00:00.000Z'));

  const create = async (extra: object = {}) =>
    must(201, await admin.post('/admin/api-keys', { client_name: 'SafeShop', ...extra }));
  const use = (secret: string) => gateway.api.withKey(secret).get('/templates');
  const send = (api: Api) => api.post('/requests', {});

  it('are told whole once', async () => {
    const { plain_key, ...shown } = await create({ scopes: ['sms:send', 'sms:read', 'sms:send'] });
    expect(plain_key).toMatch(/^tlk_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^key_/),
      client_name: 'SafeShop',
      scopes: ['sms:send', 'sms:read'],
      rate_limit_per_day: 777,
      is_active: true,
      key_hint: plain_key.slice(-4),
      expires_at: null,
      created_at: '2126-11-21T10:00:00.000Z',
      updated_at: '2126-11-21T10:00:00.000Z',
    });
    const listed = must(200, await admin.get('/admin/api-keys'));
    expect(listed.items[0]).toEqual(shown);
    expect(listed.count).toBe(listed.items.length);
    const one = must(200, await admin.get(`/admin/api-keys/${shown.id}`));
    expect(one).toEqual(shown);
  });

  it('are kept as a hash only', async () => {
    const { plain_key } = await create();
    const rows = await gateway.store.collection('api_keys').find({}, {});
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(plain_key);
  });

  it('may send and read unless said otherwise', async () => {
    expect((await create()).scopes).toEqual(['sms:send', 'sms:read']);
  });

  it.each([
    ['absent', {}, 777],
    ['null', { rate_limit_per_day: null }, 777],
    ['0', { rate_limit_per_day: 0 }, 777],
    ['negative', { rate_limit_per_day: -5 }, 777],
    ['given', { rate_limit_per_day: 5 }, 5],
    ['given by its older name', { rate_limit: 6 }, 6],
    ['0 by its older name', { rate_limit: 0 }, 777],
    ['given twice', { rate_limit: 6, rate_limit_per_day: 5 }, 5],
    ['larger than anybody needs', { rate_limit_per_day: 9_000_000_000 }, 9_000_000_000],
  ])('have a day’s limit: %s', async (_, fields, limit) => {
    const { id, rate_limit_per_day } = await create(fields);
    expect(rate_limit_per_day).toBe(limit);
    expect((await admin.get(`/admin/api-keys/${id}`)).body.rate_limit_per_day).toBe(limit);
  });

  it.each([
    ['client_name', { client_name: '  ' }],
    ['client_name', { client_name: 7 }],
    ['scopes', { scopes: [] }],
    ['scopes.0', { scopes: ['sms:everything'] }],
    ['rate_limit_per_day', { rate_limit_per_day: '5' }],
    ['rate_limit_per_day', { rate_limit_per_day: 1.5 }],
    ['rate_limit', { rate_limit: true }],
    ['expires_at', { expires_at: 'tomorrow' }],
    ['is_active', { is_active: false }],
    ['plain_key', { plain_key: 'tlk_chosen' }],
  ])('are refused with a wrong %s: %j', async (field, fields) => {
    const answer = await admin.post('/admin/api-keys', { client_name: 'SafeShop', ...fields });
    expectError(answer, 400, 'invalid_request', field);
  });

  it('die at once when they are disabled', async () => {
    const { id, plain_key } = await create();
    expect((await use(plain_key)).status).toBe(200);
    expect((await admin.post(`/admin/api-keys/${id}/disable`)).body).toEqual({ status: 'ok' });
    expectError(await use(plain_key), 401, 'unauthenticated');
    expect((await admin.get(`/admin/api-keys/${id}`)).body.is_active).toBe(false);
    expect((await admin.post(`/admin/api-keys/${id}/disable`)).status).toBe(200);
    must(200, await admin.patch(`/admin/api-keys/${id}`, { is_active: true }));
    expect((await use(plain_key)).status).toBe(200);
  });

  it('die at once when they are rotated, and live on under a new secret', async () => {
    const { id, plain_key, ...before } = await create({ scopes: ['sms:read'], rate_limit_per_day: 9 });
    expect((await use(plain_key)).status).toBe(200);
    const rotated = must(200, await admin.post(`/admin/api-keys/${id}/rotate`));
    expect(rotated.plain_key).not.toBe(plain_key);
    expect(rotated).toEqual({
      ...before,
      id,
      plain_key: expect.stringMatching(/^tlk_/),
      key_hint: rotated.plain_key.slice(-4),
    });
    expectError(await use(plain_key), 401, 'unauthenticated');
    expect((await use(rotated.plain_key)).status).toBe(200);
  });

  it('stay disabled when they are rotated', async () => {
    const { id } = await create();
    await admin.post(`/admin/api-keys/${id}/disable`);
    const { plain_key } = must(200, await admin.post(`/admin/api-keys/${id}/rotate`));
    expectError(await use(plain_key), 401, 'unauthenticated');
  });

  it('expire by the clock', async () => {
    const { id, plain_key, expires_at } = await create({ expires_at: '2126-11-21T18:00:00+07:00' });
    expect(expires_at).toBe('2126-11-21T11:00:00.000Z');
    gateway.clock.advance(3599);
    expect((await use(plain_key)).status).toBe(200);
    gateway.clock.advance(1);
    expectError(await use(plain_key), 401, 'unauthenticated');
    must(200, await admin.patch(`/admin/api-keys/${id}`, { expires_at: null }));
    expect((await use(plain_key)).status).toBe(200);
  });

  it('may do what their scopes say, and no more', async () => {
    const reader = gateway.api.withKey((await create({ scopes: ['sms:read'] })).plain_key);
    const sender = gateway.api.withKey((await create({ scopes: ['sms:send'] })).plain_key);
    const other = gateway.api.withKey((await create({ scopes: ['notify:send'] })).plain_key);
    expect((await reader.get('/messages/all')).status).toBe(200);
    expectError(await send(reader), 403, 'forbidden');
    expectError(await reader.post('/messages/msg_none/cancel'), 403, 'forbidden');
    expect((await send(sender)).status).toBe(400);
    expectError(await sender.get('/messages/all'), 403, 'forbidden');
    for (const path of ['/messages/all', '/requests', '/templates'])
      expectError(await other.get(path), 403, 'forbidden');
    expectError(await send(other), 403, 'forbidden');
  });

  it('lose a scope at once', async () => {
    const { id, plain_key } = await create();
    const client = gateway.api.withKey(plain_key);
    expect((await send(client)).status).toBe(400);
    const changed = must(200, await admin.patch(`/admin/api-keys/${id}`, { scopes: ['sms:read'] }));
    expect(changed).toMatchObject({ id, scopes: ['sms:read'], client_name: 'SafeShop', rate_limit_per_day: 777 });
    expectError(await send(client), 403, 'forbidden');
  });

  it('work as Basic credentials, id and secret', async () => {
    const one = await create();
    const two = await create();
    expect((await gateway.api.withBasic(one.id, one.plain_key).get('/templates')).status).toBe(200);
    for (const [id, secret] of [
      [one.id, two.plain_key],
      ['key_none', one.plain_key],
      [one.id, ''],
      [one.id, 'wrong'],
    ])
      expectError(await gateway.api.withBasic(id!, secret!).get('/templates'), 401, 'unauthenticated');
  });

  it.each(['', 'tlk_', 'unknown', 'x'.repeat(5000)])('unknown to us are a 401 (%#)', async (key) => {
    expectError(await use(key), 401, 'unauthenticated');
  });

  it('are no tokens of phones', async () => {
    const { plain_key } = await create();
    expectError(await gateway.api.withToken(plain_key).get('/templates'), 401, 'unauthenticated');
  });

  it('of another tenant don’t exist', async () => {
    const { id, plain_key } = await create();
    for (const theirs of [id, 'key_none']) {
      const path = `/admin/api-keys/${theirs}`;
      expectError(await acme.get(path), 404, 'api_key_not_found');
      expectError(await acme.patch(path, { client_name: 'mine' }), 404, 'api_key_not_found');
      expectError(await acme.post(`${path}/disable`), 404, 'api_key_not_found');
      expectError(await acme.post(`${path}/rotate`), 404, 'api_key_not_found');
    }
    expect((await acme.get('/admin/api-keys')).body.items).toEqual([]);
    expect((await use(plain_key)).status).toBe(200);
  });
});
