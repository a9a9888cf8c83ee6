import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import type { Api } from '../support/api.js';
import { newTenant } from '../support/dispatching.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { down, SID, useStandIns } from '../support/stand-in-kinds.js';
import { waitFor } from '../support/wait-for.js';

const ENVIRONMENT = {
  TWILIO_ACCOUNT_SID: SID(99),
  TWILIO_AUTH_TOKEN: 'right-of-the-environment',
  FLOWROUTE_ACCESS_KEY: 'environment',
  FLOWROUTE_SECRET_KEY: 'right-of-the-environment',
  FLOWROUTE_CALLBACK_TOKEN: 'token-of-the-environment',
  PUBLIC_URL: 'https://sms.example.com/sms/',
};

describe('an account at a carrier', () => {
  let gateway: TestGateway;
  let platform: Api;
  let tenants = 0;
  let accounts: CarrierAccounts;
  /** An administrator of a tenant that has none. */
  async function shop(): Promise<Api & { slug: string }> {
    const slug = `shop-${++tenants}`;
    await newTenant(gateway, slug);
    return Object.assign(platform.as({ 'x-tenant': slug }), { slug });
  }
  const idOf = (slug: string) => gateway.get(TenantsService).idOf(slug);
  const find = async ({ slug }: { slug: string }, name = 'twilio') => accounts.find(await idOf(slug), name);
  const put = async (admin: Api, body: object, name = 'twilio') =>
    must(200, await admin.put(`/admin/carriers/${name}`, body));
  const show = async (admin: Api, name = 'twilio') => must(200, await admin.get(`/admin/carriers/${name}`));

  async function begin(): Promise<void> {
    useStandIns(gateway);
    accounts = gateway.get(CarrierAccounts);
    platform = await gateway.admin();
  }
  beforeAll(async () => {
    gateway = await TestGateway.start(ENVIRONMENT);
    await begin();
  });
  afterAll(() => gateway.stop());

  it('is stored once the provider has confirmed it, and shown without its secret', async () => {
    const admin = await shop();
    expect(await show(admin)).toMatchObject({ configured: null, enabled: false, account: null, capabilities: null });
    const body = { account_sid: SID(1), auth_token: 'right-wild-boar', from: '+15005550006', per_second: 3 };
    const stored = await put(admin, body);
    expect(stored).toMatchObject({
      name: 'twilio',
      route: 'carrier:twilio',
      configured: 'store',
      enabled: true,
      account_id: SID(1),
      account: { account_sid: SID(1), from: '+15005550006' },
      per_second: 3,
      concurrency: 4,
      verified_at: gateway.clock.now().toISOString(),
      capabilities: { channels: ['sms', 'whatsapp'], characters: 160 },
      callback_urls: { inbound: 'https://sms.example.com/sms/carriers/twilio/inbound' },
      health: { state: 'ok' },
      today: { accepted: 0 },
      test: { ok: true, name: 'SafeShop' },
    });
    const { test: _, ...shown } = stored;
    expect(await show(admin)).toEqual(shown);
    const list = must(200, await admin.get('/admin/carriers'));
    expect(list.items.find(({ name }: { name: string }) => name === 'twilio')).toEqual(shown);
    expect(list).toMatchObject({ count: list.items.length, alarms: [] });
    const { items } = must(200, await admin.get('/admin/audit-logs?action=UPDATE_CARRIER'));
    expect(items[0].data).toEqual({
      carrier: 'twilio',
      account_id: SID(1),
      enabled: true,
      verified: true,
      changed_secrets: ['auth_token'],
    });
    const elsewhere = [await shop(), platform];
    for (const other of elsewhere)
      expect(JSON.stringify(must(200, await other.get('/admin/carriers')))).not.toContain(SID(1));
    for (const { name } of COLLECTIONS)
      expect(JSON.stringify(await gateway.store.collection(name).find({}))).not.toContain('wild-boar');
  });

  it('that the provider refuses is not stored, and the answer names the field', async () => {
    const admin = await shop();
    const body = { account_sid: SID(2), auth_token: 'wrong' };
    expectError(await admin.put('/admin/carriers/twilio', body), 400, 'carrier_refused', 'auth_token');
    expect(await show(admin)).toMatchObject({ configured: null });
    // One that is there stays as it was.
    await put(admin, { account_sid: SID(2), auth_token: 'right' });
    expectError(await admin.put('/admin/carriers/twilio', body), 400, 'carrier_refused', 'auth_token');
    expect(must(200, await admin.post('/admin/carriers/twilio/test'))).toMatchObject({ ok: true });
  });

  it('that could not be tried is stored unverified, and verified by a later test', async () => {
    const admin = await shop();
    down.add('right-later');
    const stored = await put(admin, { account_sid: SID(3), auth_token: 'right-later' });
    expect(stored).toMatchObject({
      verified_at: null,
      test: { ok: false, code: 'ECONNREFUSED', reason: 'Nobody answers.' },
    });
    expect(await find(admin)).toMatchObject({ accountId: SID(3) });
    const test = async () => must(200, await admin.post('/admin/carriers/twilio/test'));
    expect(await test()).toMatchObject({ ok: false, code: 'ECONNREFUSED', verified_at: null });
    down.delete('right-later');
    const at = gateway.clock.now().toISOString();
    expect(await test()).toEqual({
      ok: true,
      field: null,
      code: null,
      reason: null,
      name: 'SafeShop',
      verified_at: at,
    });
    expect(await show(admin)).toMatchObject({ verified_at: at });
    // Unreachable again, and nothing of it has changed: what was proven stays so.
    down.add('right-later');
    expect(await put(admin, { account_sid: SID(3), from: '+15005550006' })).toMatchObject({ verified_at: at });
    down.delete('right-later');
  });

  it('keeps a secret that is left out, until it is another account', async () => {
    const admin = await shop();
    expectError(
      await admin.put('/admin/carriers/twilio', { account_sid: SID(4) }),
      400,
      'invalid_request',
      'auth_token',
    );
    await put(admin, { account_sid: SID(4), auth_token: 'right', from: '+15005550006' });
    const changed = await put(admin, { account_sid: SID(4), from: null, concurrency: 2 });
    expect(changed).toMatchObject({ account: { account_sid: SID(4) }, concurrency: 2, test: { ok: true } });
    expect(changed.account).not.toHaveProperty('from');
    expectError(
      await admin.put('/admin/carriers/twilio', { account_sid: SID(5) }),
      400,
      'invalid_request',
      'auth_token',
    );
  });

  it('belongs to one tenant once it is proven', async () => {
    const [first, second] = [await shop(), await shop()];
    const account = { account_sid: SID(6) };
    down.add('right-second');
    // Anybody may write down a number of an account; only who proves it has it.
    await put(second, { ...account, auth_token: 'right-second' });
    down.delete('right-second');
    await put(first, { ...account, auth_token: 'right-first' });
    expectError(await second.put('/admin/carriers/twilio', account), 409, 'carrier_account_taken');
    expectError(await second.post('/admin/carriers/twilio/test'), 409, 'carrier_account_taken');
    expect(await show(second)).toMatchObject({ verified_at: null });
    expect(await accounts.byAccountId('twilio', SID(6))).toHaveLength(2);
    must(200, await first.delete('/admin/carriers/twilio'));
    expect(must(200, await second.post('/admin/carriers/twilio/test'))).toMatchObject({ ok: true });
    expect(await accounts.byAccountId('twilio', SID(6))).toHaveLength(1);
    expectError(
      await first.put('/admin/carriers/twilio', { ...account, auth_token: 'right' }),
      409,
      'carrier_account_taken',
    );
  });

  it('comes from the environment for the default tenant alone, which can switch it off and replace it', async () => {
    expect(await show(platform)).toMatchObject({
      configured: 'environment',
      account: { account_sid: SID(99) },
      verified_at: null,
    });
    expect(JSON.stringify(await show(platform))).not.toContain('right-of-the-environment');
    const other = await shop();
    expect(await find(other)).toBeNull();
    const stolen = { account_sid: SID(99), auth_token: 'right' };
    expectError(await other.put('/admin/carriers/twilio', stolen), 409, 'carrier_account_taken');
    expectError(await platform.delete('/admin/carriers/twilio'), 409, 'carrier_not_stored');
    expect(must(200, await platform.post('/admin/carriers/twilio/test'))).toMatchObject({ ok: true });

    const off = await put(platform, { account_sid: SID(99), enabled: false });
    expect(off).toMatchObject({ configured: 'store', enabled: false, test: null });
    expect(await find({ slug: 'default' })).toBeNull();
    expect((await accounts.all()).map(({ accountId }) => accountId)).not.toContain(SID(99));
    // What it sent before still has its callbacks.
    expect(await accounts.byAccountId('twilio', SID(99))).toHaveLength(1);
    must(200, await platform.delete('/admin/carriers/twilio'));
    expect(await find({ slug: 'default' })).toMatchObject({ accountId: SID(99) });
  });

  it('has a secret for its callbacks, which is made, shown once and found', async () => {
    const admin = await shop();
    const body = { access_key: 'wild-boar', secret_key: 'right' };
    const made = (await put(admin, body, 'flowroute')).callback_urls.inbound;
    const [, token] = /^https:\/\/sms\.example\.com\/sms\/carriers\/flowroute\/([\w-]{32})\/inbound$/.exec(made)!;
    const hidden = 'https://sms.example.com/sms/carriers/flowroute/{callback_token}/inbound';
    expect((await show(admin, 'flowroute')).callback_urls).toEqual({ inbound: hidden });
    const tenant = await idOf(admin.slug);
    expect(await accounts.byCallbackToken('flowroute', token!)).toMatchObject({ tenant });
    expect(await accounts.byCallbackToken('twilio', token!)).toBeNull();
    expect(await accounts.byCallbackToken('flowroute', `${token!}x`)).toBeNull();
    // It stays while the account does, and a new one takes its place.
    expect((await put(admin, { ...body, from: '+12065550100' }, 'flowroute')).callback_urls).toEqual({
      inbound: hidden,
    });
    expect(await accounts.byCallbackToken('flowroute', token!)).toMatchObject({ tenant });
    const own = { ...body, callback_token: 'a-token-of-our-own' };
    expect((await put(admin, own, 'flowroute')).callback_urls.inbound).toContain('/a-token-of-our-own/');
    expect(await accounts.byCallbackToken('flowroute', token!)).toBeNull();
    const second = await put(await shop(), { access_key: 'second', secret_key: 'right' }, 'flowroute');
    expect(second.callback_urls.inbound).not.toBe(made);
    const taken = { access_key: 'third', secret_key: 'right', callback_token: 'a-token-of-our-own' };
    expectError(
      await (await shop()).put('/admin/carriers/flowroute', taken),
      409,
      'callback_token_taken',
      'callback_token',
    );
    const ofEnvironment = await accounts.byCallbackToken('flowroute', 'token-of-the-environment');
    expect(ofEnvironment).toMatchObject({ tenant: await idOf('default'), accountId: 'environment' });
  });

  it('can be held: the store knows it, and a shorter hold does not end a longer one', async () => {
    const admin = await shop();
    await put(admin, { account_sid: SID(7), auth_token: 'right' });
    const inHours = (hours: number) => new Date(gateway.clock.now().getTime() + hours * 3_600_000);
    const before = (await find(admin))!;
    await accounts.hold(before, inHours(5), '63038', 'The day is used up.');
    await accounts.hold(before, inHours(1), '20429', 'Too many calls.');
    const held = (await find(admin))!;
    expect(held.hold).toEqual({ until: inHours(5), code: '63038', reason: 'The day is used up.' });
    expect(held.carrier).toBe(before.carrier);
    const hold = { until: inHours(5).toISOString(), code: '63038', reason: 'The day is used up.' };
    expect(await show(admin)).toMatchObject({
      hold,
      health: { state: 'held', until: hold.until, reason: hold.reason },
    });

    const environment = (await find({ slug: 'default' }))!;
    await accounts.hold(environment, inHours(2), '63038', 'The day is used up.');
    await gateway.restart();
    await begin();
    expect((await find(admin))!.hold).toMatchObject({ until: inHours(5) });
    expect(await show(platform)).toMatchObject({
      configured: 'environment',
      hold: { until: inHours(2).toISOString() },
    });
    expectError(await platform.delete('/admin/carriers/twilio'), 409, 'carrier_not_stored');
    // Another account isn't held, and a hold that is over isn't shown.
    await put(platform.as({ 'x-tenant': admin.slug }), { account_sid: SID(8), auth_token: 'right' });
    expect((await find(admin))!.hold).toBeNull();
    gateway.clock.advance(2 * 3600 + 1);
    expect(await show(platform)).toMatchObject({ hold: null, health: { state: 'ok' } });
  });

  it('stays the same object while nothing of it changes', async () => {
    const admin = await shop();
    await put(admin, { account_sid: SID(10), auth_token: 'right' });
    const first = await find(admin);
    accounts.forget();
    expect(await find(admin)).toBe(first);
    expect(await accounts.all()).toContain(first);
    await put(admin, { account_sid: SID(10), per_second: 2 });
    const second = (await find(admin))!;
    expect(second).not.toBe(first);
    expect(second.perSecond).toBe(2);
  });

  it('whose secrets no key opens says so, and hides no other', async () => {
    const admin = await shop();
    await put(admin, { account_sid: SID(11), auth_token: 'right' });
    const _id = `${await idOf(admin.slug)}:twilio`;
    const rows = gateway.store.collection<{ _id: string; secrets: object; rev: number }>('carrier_accounts');
    await rows.updateOne({ _id }, { $set: { 'secrets.auth_token': 'v2.00000000.a.b.c' }, $inc: { rev: 1 } });
    accounts.forget();
    expect(await show(admin)).toMatchObject({
      problem: expect.stringContaining('Send them again'),
      capabilities: null,
    });
    expect(await find(admin)).toBeNull();
    expect((await accounts.all()).length).toBeGreaterThan(0);
    expectError(await admin.post('/admin/carriers/twilio/test'), 409, 'carrier_unreadable');
    await put(admin, { account_sid: SID(11), auth_token: 'right' });
    expect(await show(admin)).toMatchObject({ problem: null });
  });

  it('is refused where there is none, and where its body is wrong', async () => {
    const admin = await shop();
    expectError(await admin.get('/admin/carriers/pigeon'), 404, 'carrier_not_found');
    expectError(await admin.delete('/admin/carriers/pigeon'), 404, 'carrier_not_found');
    expectError(await admin.delete('/admin/carriers/twilio'), 404, 'carrier_not_found');
    expectError(await admin.post('/admin/carriers/twilio/test'), 404, 'carrier_not_found');
    expectError(await admin.put('/admin/carriers/twilio', { auth_token: 'x' }), 400, 'invalid_request', 'account_sid');
  });

  it('is built in with the sandbox: every tenant has one, and can switch it off', async () => {
    const admin = await shop();
    expect(await find(admin, 'sandbox')).toMatchObject({ name: 'sandbox', accountId: 'sandbox' });
    expect(await show(admin, 'sandbox')).toMatchObject({ configured: 'built_in', enabled: true });
    expectError(await admin.delete('/admin/carriers/sandbox'), 409, 'carrier_not_stored');
    await put(admin, { enabled: false }, 'sandbox');
    expect(await find(admin, 'sandbox')).toBeNull();
    // It is nobody's alone.
    await put(admin, {}, 'sandbox');
    await put(await shop(), {}, 'sandbox');
    must(200, await admin.delete('/admin/carriers/sandbox'));
    expect(await find(admin, 'sandbox')).toMatchObject({ name: 'sandbox' });
  });

  // Two gateways on one database, which the embedded store doesn't allow.
  (process.env['E2E_STORE'] !== 'mongo' ? it.skip : it)('that one gateway changes is seen by another', async () => {
    const admin = await shop();
    const second = await gateway.beside();
    useStandIns(second);
    const there = second.get(CarrierAccounts);
    const tenant = await idOf(admin.slug);
    expect(await there.find(tenant, 'twilio')).toBeNull();
    await put(admin, { account_sid: SID(12), auth_token: 'right' });
    const seen = (what: object | null) =>
      waitFor(async () => expect(await there.find(tenant, 'twilio')).toEqual(what && expect.objectContaining(what)), {
        timeout: 10_000,
      });
    await seen({ accountId: SID(12), hold: null });
    await accounts.hold((await find(admin))!, new Date('2100-01-01'), '63038', 'The day is used up.');
    await seen({ hold: expect.objectContaining({ code: '63038' }) });
    must(200, await admin.delete('/admin/carriers/twilio'));
    await seen(null);
    await second.stop();
  });
});

describe('the sandbox in production', () => {
  it('exists where somebody has asked for it', async () => {
    const production = await TestGateway.start({
      APP_ENV: 'production',
      JWT_SECRET: '0123456789abcdef0123456789abcdef',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    useStandIns(production);
    const admin = await production.admin();
    const tenant = await production.get(TenantsService).idOf('default');
    const sandbox = () => production.get(CarrierAccounts).find(tenant, 'sandbox');
    expect(await sandbox()).toBeNull();
    expect(must(200, await admin.get('/admin/carriers/sandbox'))).toMatchObject({ configured: null, enabled: false });
    must(200, await admin.put('/admin/carriers/sandbox', {}));
    expect(await sandbox()).toMatchObject({ name: 'sandbox' });
    must(200, await admin.delete('/admin/carriers/sandbox'));
    expect(await sandbox()).toBeNull();
    await production.stop();
  });
});
