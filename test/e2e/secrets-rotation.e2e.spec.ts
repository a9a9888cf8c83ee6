import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import { SealedValues } from '../../src/common/sealed-values.js';
import { decrypt, encrypt, keyId } from '../../src/common/secrets.js';
import { SecretsRotation } from '../../src/control/secrets-rotation.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { SettingsService } from '../../src/tenants/settings.service.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { Api } from '../support/api.js';
import { newTenant } from '../support/dispatching.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { Program } from '../support/program.js';
import { registerPhone } from '../support/shop.js';
import { SID, useStandIns } from '../support/stand-in-kinds.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const [OLD, NEW] = [key(1), key(2)];
const SEALED = /v[12]\.[\w.-]{20,}/g;

const HOOK_SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

describe('a new SECRETS_KEY', () => {
  const env: Record<string, string> = { SECRETS_KEY: OLD };
  let gateway: TestGateway;
  let tenants: string[];

  async function restart(keys: Record<string, string>): Promise<void> {
    for (const name of Object.keys(env)) delete env[name];
    Object.assign(env, keys);
    await gateway.restart();
    useStandIns(gateway);
  }
  /** Everything encrypted in the store, wherever it stands. */
  async function sealed(): Promise<string[]> {
    const all = await Promise.all(COLLECTIONS.map(({ name }) => gateway.store.collection(name).find({})));
    return [...JSON.stringify(all).matchAll(SEALED)].map(([text]) => text);
  }
  const withKey = async (one: string) => (await sealed()).filter((text) => text.startsWith(`v2.${keyId(one)}.`)).length;
  const rotate = async () => {
    const said: string[] = [];
    await gateway.get(SecretsRotation).run([], (line) => said.push(line));
    return said;
  };
  /** All of it is still what it was. */
  async function expectSecrets(): Promise<void> {
    const accounts = gateway.get(CarrierAccounts);
    for (const slug of tenants) {
      const tenant = await gateway.get(TenantsService).idOf(slug);
      expect(await accounts.find(tenant, 'flowroute')).toMatchObject({ accountId: slug });
      expect(await accounts.byCallbackToken('flowroute', `a-token-of-${slug}`)).toMatchObject({ tenant });
      expect(await gateway.get(SettingsService).unknownSecret(tenant)).toBe(HOOK_SECRET);
      await registerPhone(gateway, { tenant: slug, registration_secret: `phones-of-${slug}` });
    }
  }

  beforeAll(async () => {
    gateway = await TestGateway.start(env);
    useStandIns(gateway);
    tenants = ['shop-one', 'market-one'];
    const platform = await gateway.admin();
    for (const slug of tenants) {
      await newTenant(gateway, slug);
      const admin = platform.as({ 'x-tenant': slug });
      const registration_secret = `phones-of-${slug}`;
      must(200, await admin.put('/admin/agent/registration-secret', { registration_secret }));
      must(200, await admin.put('/admin/settings', { on_unknown_secret: HOOK_SECRET }));
      const flowroute = { access_key: slug, secret_key: 'right', callback_token: `a-token-of-${slug}` };
      must(200, await admin.put('/admin/carriers/flowroute', flowroute));
      must(200, await admin.put('/admin/carriers/twilio', { account_sid: SID(slug.length), auth_token: 'right' }));
    }
  });
  afterAll(() => gateway.stop());

  it('starts beside the earlier one, and not alone', async () => {
    expect(await withKey(OLD)).toBe((await sealed()).length);
    await expect(restart({ SECRETS_KEY: NEW })).rejects.toThrow(/SECRETS_KEY_OLD[^]*npm run rotate-secrets-key/);
    await restart({ SECRETS_KEY: NEW, SECRETS_KEY_OLD: `${key(3)}, ${OLD}` });
    await expectSecrets();
    expect(await withKey(NEW)).toBe(0);
  });

  it('goes on where it was broken off: nothing is lost, and the earlier key is needed until the end', async () => {
    const before = await sealed();
    const accounts = gateway.get(SealedValues).all.find(({ name }) => name.includes('accounts'));
    const { replace } = accounts!;
    let left = 3;
    accounts!.replace = (...given) => (left-- > 0 ? replace(...given) : Promise.reject(new Error('killed')));
    await expect(rotate()).rejects.toThrow('killed');
    const done = await withKey(NEW);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(before.length);
    await expect(restart({ SECRETS_KEY: NEW })).rejects.toThrow('SECRETS_KEY is not the key');
    await restart({ SECRETS_KEY: NEW, SECRETS_KEY_OLD: OLD });
    await expectSecrets();
  });

  it('that one secret does not open says which, and keeps asking for the earlier key', async () => {
    const tenant = await gateway.get(TenantsService).idOf('shop-one');
    const rows = gateway.store.collection<{ _id: string; secrets: Record<string, string> }>('carrier_accounts');
    const _id = `${tenant}:twilio`;
    const { secrets } = (await rows.findOne({ _id }))!;
    await rows.updateOne({ _id }, { $set: { 'secrets.auth_token': encrypt('right', key(9)) } });
    await expect(rotate()).rejects.toThrow(new RegExp(`auth_token of ${_id}.*${keyId(key(9))}.*SECRETS_KEY_OLD`));
    await rows.updateOne({ _id }, { $set: { 'secrets.auth_token': secrets['auth_token'] } });
  });

  it('takes a secret along that changes at that moment', async () => {
    const [settings] = gateway.get(SealedValues).all;
    const { replace } = settings!;
    const rows = gateway.store.collection<{ _id: string; registration_secret: string }>('app_config');
    const changed: { _id: string; was: string }[] = [];
    settings!.replace = async (old, sealed) => {
      // At this moment somebody sets another secret, at a gateway that encrypts with the earlier key.
      if (changed.length === 0) {
        changed.push({ _id: old.id, was: decrypt(old.sealed, [NEW, OLD]) });
        await rows.updateOne({ _id: old.id }, { $set: { registration_secret: encrypt('set-meanwhile', OLD) } });
      }
      return replace(old, sealed);
    };
    for (const row of await rows.find({ registration_secret: { $gt: '' } })) {
      const secret = decrypt(row.registration_secret, [NEW, OLD]);
      await rows.updateOne({ _id: row._id }, { $set: { registration_secret: encrypt(secret, OLD) } });
    }
    await rotate();
    settings!.replace = replace;
    const { _id, was } = changed[0]!;
    expect(decrypt((await rows.findOne({ _id }))!.registration_secret, [NEW])).toBe('set-meanwhile');
    expect(await withKey(NEW)).toBe((await sealed()).length);
    await rows.updateOne({ _id }, { $set: { registration_secret: encrypt(was, NEW) } });
  });

  it('is alone in the end: everything is encrypted with it, wherever it stands', async () => {
    const all = await sealed();
    // A registration secret, one of a hook and three of carriers for each tenant, and the canary.
    expect(all).toHaveLength(11);
    expect(await withKey(NEW)).toBe(11);
    expect(await rotate()).toEqual([
      'registration secrets: 0 encrypted anew.',
      'secrets of hooks: 0 encrypted anew.',
      'secrets of carrier accounts: 0 encrypted anew.',
      expect.stringContaining('SECRETS_KEY_OLD is not needed any more'),
    ]);
    await restart({ SECRETS_KEY: NEW });
    await expectSecrets();
    await expect(restart({ SECRETS_KEY: OLD })).rejects.toThrow('SECRETS_KEY is not the key');
    await restart({ SECRETS_KEY: NEW });
  });
});

describe('npm run rotate-secrets-key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-rotation-'));
  const usesMongo = process.env['E2E_STORE'] === 'mongo';
  const database = `trunkline_test_rotation_${process.pid}_${Date.now().toString(36)}`;
  const programs: Program[] = [];
  const run = (script: string, env: Record<string, string>): Program => {
    const program = new Program(script, folder, {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SEED_ADMIN_PASSWORD: 'correct-horse-battery',
      JWT_SECRET: 'x'.repeat(40),
      ...(usesMongo ? { MONGO_URI: process.env['MONGO_TEST_URI']!, MONGO_DB: database } : {}),
      ...env,
    });
    programs.push(program);
    return program;
  };
  async function started(env: Record<string, string>): Promise<{ program: Program; admin: Api }> {
    const program = run('main.js', env);
    const api = new Api((await program.said(/Trunkline listens on (http:\S+)/))[1]!);
    const login = await api.post('/auth/login', { username: 'admin', password: 'correct-horse-battery' });
    return { program, admin: api.withToken(login.body.access_token) };
  }
  async function stop(program: Program): Promise<void> {
    program.signal('SIGTERM');
    await program.ended;
  }
  const secretOf = async (admin: Api) =>
    must(200, await admin.get('/admin/agent/registration-secret')).registration_secret;

  afterEach(async () => {
    for (const program of programs.splice(0)) await program.kill();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (!usesMongo) return;
    const { MongoClient } = await import('mongodb');
    const client = await MongoClient.connect(process.env['MONGO_TEST_URI']!);
    await client.db(database).dropDatabase();
    await client.close();
  });

  it('works on a stopped store, and beside a running gateway that has both keys', async () => {
    const first = await started({ SECRETS_KEY: OLD });
    must(200, await first.admin.put('/admin/agent/registration-secret', { registration_secret: 'open-sesame' }));
    await stop(first.program);

    const alone = run('commands/rotate-secrets-key.js', { SECRETS_KEY: NEW });
    expect((await alone.ended).code).toBe(78);
    expect(alone.errors).toContain('SECRETS_KEY_OLD');
    const stopped = run('commands/rotate-secrets-key.js', { SECRETS_KEY: NEW, SECRETS_KEY_OLD: OLD });
    expect(await stopped.ended).toEqual({ code: 0, signal: null });
    expect(stopped.output).toContain('registration secrets: 1 encrypted anew.\n');

    const both = { SECRETS_KEY: key(3), SECRETS_KEY_OLD: NEW };
    const second = await started(both);
    if (!usesMongo) {
      // The gateway does the work with its own keys, so another key is a mistake.
      const other = run('commands/rotate-secrets-key.js', { SECRETS_KEY: key(4), SECRETS_KEY_OLD: NEW });
      expect((await other.ended).code).toBe(1);
      expect(other.errors).toContain('The running gateway has another SECRETS_KEY');
    }
    const beside = run('commands/rotate-secrets-key.js', both);
    expect(await beside.ended).toEqual({ code: 0, signal: null });
    expect(beside.output).toContain(`registration secrets: 1 encrypted anew.`);
    expect(beside.output).toContain(keyId(key(3)));
    expect(await secretOf(second.admin)).toBe('open-sesame');
    for (const one of [OLD, NEW, key(3)]) expect(beside.output + second.program.output).not.toContain(one);
    await stop(second.program);

    const last = await started({ SECRETS_KEY: key(3) });
    expect(await secretOf(last.admin)).toBe('open-sesame');
    await stop(last.program);
  });
});
