import { MongoClient } from 'mongodb';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { Program } from '../support/program.js';

const LISTENS = /Trunkline listens on (http:\S+)/;
const PASSWORD = /Log in as (\S+) with the password (\S+)/;
const STACK = /^\s+at /m;
const usesMongo = process.env['E2E_STORE'] === 'mongo';

describe('the program', () => {
  let folder: string;
  let database: string;
  let programs: Program[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trunkline-start-'));
    database = `trunkline_start_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
    programs = [];
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true });
    if (!usesMongo) return;
    const client = await MongoClient.connect(process.env['MONGO_TEST_URI']!);
    await client.db(database).dropDatabase();
    await client.close();
  });

  function run(script: string, env: Record<string, string> = {}): Program {
    const program = new Program(script, folder, {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...(usesMongo ? { MONGO_URI: process.env['MONGO_TEST_URI']!, MONGO_DB: database } : {}),
      ...env,
    });
    programs.push(program);
    return program;
  }
  const login = async (url: string, username: string, password: string) =>
    (await new Api(url).post('/auth/login', { username, password })).status;

  it('says where it listens, and the password of the first start only; SIGTERM ends it well', async () => {
    const first = run('main.js');
    const [, url] = await first.said(LISTENS);
    const [, username, password] = await first.said(PASSWORD);
    const { body } = await new Api(url!).post('/auth/login', { username, password });
    expect((await new Api(url!).get('/health/ready')).body.status).toBe('ok');
    first.signal('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(first.errors).toBe('');
    expect(first.output.split(password!)).toHaveLength(2);

    // The secrets it made are kept, for nobody else to read; on MongoDB in the database.
    if (!usesMongo) {
      const file = join(folder, 'data', 'secrets.json');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      for (const secret of Object.values<string>(JSON.parse(readFileSync(file, 'utf8'))))
        expect(first.output).not.toContain(secret);
    }

    const second = run('main.js');
    const [, again] = await second.said(LISTENS);
    expect((await new Api(again!).withToken(body.access_token).get('/auth/me')).status).toBe(200);
    second.signal('SIGINT');
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(second.output).not.toMatch(PASSWORD);
    expect(second.output).not.toContain(password);
  });

  it('reads .env as Docker Compose does, also as UTF-16, and warns once of what is nearly ours', async () => {
    const password = 'Correct-horse-9#battery';
    const lines = [
      `SEED_ADMIN_PASSWORD=${password}`,
      'SEED_ADMIN_USERNAME: chef',
      'TRUST_PROXI=zq # who',
      'DATABASE_URL=zq',
    ];
    writeFileSync(join(folder, '.env'), Buffer.from(`\uFEFF${lines.join('\r\n')}`, 'utf16le'));
    const program = run('main.js', { TRUST_PROXYY: 'zq' });
    const [, url] = await program.said(LISTENS);
    expect(await login(url!, 'chef', password)).toBe(200);
    program.signal('SIGTERM');
    await program.ended;
    expect(program.errors.split('\n')).toEqual([
      'Warning: .env, line 2: "SEED_ADMIN_USERNAME:" is read as SEED_ADMIN_USERNAME=; write it so',
      'Warning: .env, line 3: TRUST_PROXI is not a variable of Trunkline; did you mean TRUST_PROXY?',
      '',
    ]);
    expect(program.output).not.toContain('zq');

    writeFileSync(join(folder, '.env'), Buffer.from('SEED_ADMIN_PASSWORD=zqé', 'latin1'));
    const refused = run('main.js');
    expect((await refused.ended).code).toBe(78);
    expect(refused.errors).toMatch(/\.env is not UTF-8(?!.*zq)/);
  });

  it('refuses a production configuration with mistakes: all of them, by name, without a value', async () => {
    const env = { APP_ENV: 'production', JWT_SECRET: 'zqshortzq', SEED_ADMIN_PASSWORD: 'zqweakzq', PORT: 'zqportzq' };
    const program = run('main.js', env);
    expect(await program.ended).toEqual({ code: 78, signal: null });
    for (const name of ['JWT_SECRET', 'SECRETS_KEY', 'SEED_ADMIN_PASSWORD', 'PORT'])
      expect(program.errors).toContain(name);
    expect(program.errors + program.output).not.toContain('zq');
    expect(program.errors).not.toMatch(STACK);
  });

  it('starts in production with what it asks for, and prints none of it', async () => {
    const secret = 'k7Qm2zVd9xRt4LpW8sYc1bNf6hGj3aEu';
    const key = Buffer.from(secret).toString('base64');
    const password = 'chosen-by-the-owner';
    const env = { APP_ENV: 'production', JWT_SECRET: secret, SECRETS_KEY: key, SEED_ADMIN_PASSWORD: password };
    const program = run('main.js', env);
    const [, url] = await program.said(LISTENS);
    expect(await login(url!, 'admin', password)).toBe(200);
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output).toContain('  The pages of the API are closed in production; METRICS_TOKEN or METRICS_ALLOW');
    expect(program.output).not.toContain('swagger-ui');
    for (const hidden of [secret, key, password]) expect(program.output + program.errors).not.toContain(hidden);
  });

  it('logs JSON where nobody reads it, and lines for people when it is asked to', async () => {
    const json = run('main.js');
    const [, url] = await json.said(LISTENS);
    await json.said(/"msg":"answered"|\{.*created the first administrator/);
    json.signal('SIGTERM');
    await json.ended;
    const lines = json.output.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line).context)).toContain('FirstAdmin');
    const pretty = run('main.js', { LOG_FORMAT: 'pretty', SEED_ADMIN_USERNAME: 'chef' });
    const [, again] = await pretty.said(LISTENS);
    expect(again).not.toBe(url);
    await login(again!, 'nobody', 'wrong-password');
    await pretty.said(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] INFO: answered \{.*"route":"\/auth\/login","status":401/m);
    expect(pretty.output).not.toContain(String.fromCodePoint(0x1b));
  });

  it('goes on when who read its output has gone', async () => {
    const program = run('main.js');
    const [, url] = await program.said(LISTENS);
    program.stopReading();
    // A line is written at most 200 ms after it was logged: so many calls are written several times.
    const end = Date.now() + 1000;
    while (Date.now() < end) expect(await login(url!, 'nobody', 'wrong-password')).toBeGreaterThanOrEqual(401);
    expect((await new Api(url!).get('/health/ready')).body.status).toBe('ok');
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  // The embedded store has one gateway; several share a MongoDB.
  (usesMongo ? it : it.skip)(
    'comes up four times at once on one MongoDB',
    async () => {
      const four = [1, 2, 3, 4].map((i) => run('main.js', { DATA_DIR: join(folder, `data-${i}`) }));
      const urls = await Promise.all(four.map(async (program) => (await program.said(LISTENS))[1]!));
      for (const url of urls) expect((await new Api(url).get('/health/ready')).body.status).toBe('ok');
    },
    120_000,
  );

  it('has commands that can be repeated, and a second gateway says plainly that the data folder is in use', async () => {
    const env = { SEED_ADMIN_USERNAME: 'Chef' };
    const first = run('commands/seed-admin.js', env);
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const [, password] = /^Created the administrator chef with the password (\S+)\.$/m.exec(first.output)!;
    const second = run('commands/seed-admin.js', env);
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(second.output).toBe('The user chef is there already; nothing was changed.\n');
    const indexes = run('commands/create-indexes.js');
    expect(await indexes.ended).toEqual({ code: 0, signal: null });
    expect(indexes.output).toMatch(/^The indexes of \d+ collections are in place\.\n$/);
    expect(indexes.errors).toBe('');

    const gateway = run('main.js');
    const [, url] = await gateway.said(LISTENS);
    expect(await login(url!, 'chef', password!)).toBe(200);
    expect(gateway.output).not.toMatch(PASSWORD);

    // MongoDB takes any number of processes.
    if (usesMongo) return;
    const other = run('main.js');
    expect(await other.ended).toEqual({ code: 1, signal: null });
    expect(other.errors).toContain(`Another Trunkline process uses the data folder ${join(folder, 'data')}`);
    expect(other.errors).not.toMatch(STACK);
    expect((await new Api(url!).get('/health/ready')).status).toBe(200);
  });
});
