import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { Program } from '../support/program.js';
import { waitFor } from '../support/wait-for.js';

const LISTENS = /Trunkline listens on (http:\S+)/;
const FIRST = 'correct-horse-battery';
const mongo = process.env['E2E_STORE'] === 'mongo' ? process.env['MONGO_TEST_URI']! : undefined;

describe('npm run seed-admin -- --reset-password', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-reset-'));
  const database = `trunkline_reset_${process.pid}`;
  const env = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    SEED_ADMIN_PASSWORD: FIRST,
    ...(mongo ? { MONGO_URI: mongo, MONGO_DB: database } : {}),
  };
  const programs: Program[] = [];
  function run(script: string, ...args: string[]): Program {
    programs.push(new Program(script, folder, env, args));
    return programs.at(-1)!;
  }
  async function reset(user: string): Promise<string> {
    const program = run('commands/seed-admin.js', '--reset-password', user);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    const [, password] = / is ([1-9A-Za-z]{22})\n/.exec(program.output)!;
    expect(program.output.split(password!)).toHaveLength(2);
    expect(program.errors).toBe('');
    return password!;
  }

  let gateway: Program;
  let api: Api;
  beforeAll(async () => {
    gateway = run('main.js');
    api = new Api((await gateway.said(LISTENS))[1]!);
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true });
    if (!mongo) return;
    const client = await MongoClient.connect(mongo);
    await client.db(database).dropDatabase();
    await client.close();
  });
  const login = async (username: string, password: string) =>
    (await api.post('/auth/login', { username, password })).status;
  const loggedIn = async (username: string, password: string) =>
    api.withToken((await api.post('/auth/login', { username, password })).body.access_token);

  it('gives a new password beside the gateway, ends the tokens, leaves a line in the audit log and the password in no log', async () => {
    const before = await loggedIn('admin', FIRST);
    expect((await before.get('/auth/me')).status).toBe(200);
    const password = await reset(' Admin');
    expect(await login('admin', FIRST)).toBe(401);
    const after = await loggedIn('admin', password);
    // Another process, as on MongoDB, remembers a user for a few seconds.
    await waitFor(async () => expect((await before.get('/auth/me')).status).toBe(401), { timeout: 15_000 });
    const { items } = (await after.get('/admin/audit-logs?action=RESET_PASSWORD')).body;
    expect(items).toMatchObject([{ actor_type: 'SYSTEM', actor_id: 'npm run seed-admin', action: 'RESET_PASSWORD' }]);
    expect(JSON.stringify(items) + gateway.output).not.toContain(password);
    expect(await login('admin', await reset('admin'))).toBe(200);
  });

  it('finds a user of any tenant, since names are the same nowhere, and tells of one who is disabled', async () => {
    const password = await reset('admin');
    const admin = await loggedIn('admin', password);
    expect((await admin.post('/admin/tenants', { slug: 'shop', name: 'Shop' })).status).toBe(201);
    const shop = admin.as({ 'x-tenant': 'shop' });
    const user = { username: 'lan', password: 'quite-a-long-one', role: 'viewer' };
    const { id } = (await shop.post('/admin/users', user)).body;
    expect(await login('lan', await reset('lan'))).toBe(200);
    expect((await shop.patch(`/admin/users/${id}`, { is_active: false })).status).toBe(200);
    await reset('lan');
    expect(programs.at(-1)!.output).toContain(`PATCH /admin/users/${id}`);
  });

  it('refuses a user that is not there, and a wrong call, and tells nothing of others', async () => {
    const unknown = run('commands/seed-admin.js', '--reset-password', 'nobody');
    expect((await unknown.ended).code).toBe(1);
    expect(unknown.errors).toBe('There is no user nobody. Nothing was changed.\n');
    expect(unknown.output).toBe('');
    for (const args of [['--reset-password'], ['--reset-password', ' '], ['--reset', 'admin'], ['admin']]) {
      const wrong = run('commands/seed-admin.js', ...args);
      expect((await wrong.ended).code).toBe(2);
      expect(wrong.errors).toMatch(/^npm run seed-admin \[-- --reset-password USER\]/);
    }
  });

  it('works without a gateway, too', async () => {
    gateway.signal('SIGTERM');
    await gateway.ended;
    const password = await reset('admin');
    gateway = run('main.js');
    api = new Api((await gateway.said(LISTENS))[1]!);
    expect(await login('admin', password)).toBe(200);
  });
});
