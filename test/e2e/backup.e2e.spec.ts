import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holdFolder } from '../../src/backup/hold.js';
import { restoreBackup } from '../../src/backup/restore-backup.js';
import { takeBackup } from '../../src/backup/take-backup.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Database } from '../../src/database/embedded/engine/database.js';
import { openStore } from '../../src/database/open-store.js';
import { readFacts, type Facts } from '../chaos/checks/facts.js';
import { Api } from '../support/api.js';
import { Program } from '../support/program.js';
import { openShop, type Shop } from '../support/shop.js';

const LISTENS = /Trunkline listens on (http:\S+)/;
const ADMIN = { username: 'admin', password: 'correct-horse-battery' };
const usesMongo = process.env['E2E_STORE'] === 'mongo';

/** The gateways run in processes of their own, as in life: a copy is taken by another process than the one that has the file open. */
// Of the embedded store: on MongoDB its own tools copy the data.
(usesMongo ? describe.skip : describe)('a backup', () => {
  let root: string;
  let url: string;
  let shop: Shop;
  const programs: Program[] = [];
  const live = () => join(root, 'live');
  const configOf = (dir: string) => loadConfig({ DATA_DIR: dir });
  let folders = 0;
  const newPath = (name: string) => join(root, `${++folders}-${name}`);

  function run(script: string, dir: string, ...args: string[]): Program {
    const env = {
      PORT: '0',
      DATA_DIR: dir,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      LOG_LEVEL: 'warn',
      THROTTLE_PER_MIN: '0',
    };
    const program = new Program(script, root, env, args);
    programs.push(program);
    return program;
  }
  async function start(dir: string): Promise<{ program: Program; url: string }> {
    const program = run('main.js', dir);
    return { program, url: (await program.said(LISTENS))[1]! };
  }
  async function stop(program: Program): Promise<void> {
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
  }
  const shopAt = (at: string) =>
    openShop(
      {
        api: new Api(at),
        admin: async () => new Api(at).withToken((await new Api(at).post('/auth/login', ADMIN)).body.access_token),
      } as never,
      { dailyLimit: 1_000_000 },
    );
  let texts = 0;
  async function submit(messages: number): Promise<string> {
    const { status, body } = await shop.client.post('/requests', {
      template_id: shop.templateId,
      agent_id: shop.phone.agentId,
      messages: Array.from({ length: messages }, () => ({ to: '+84901230000', variables: { CODE: `no ${++texts}` } })),
    });
    expect(status).toBe(201);
    return body.request_id;
  }
  async function factsOf(dir: string): Promise<Facts> {
    // Another file than the one that this process has checked: SQLite would remember its locks until that is collected.
    const copy = newPath('facts');
    cpSync(dir, copy, { recursive: true });
    const store = await openStore({ dataDir: copy, mongoDb: '' });
    const facts = await readFacts(store, () => undefined);
    await store.close();
    return facts;
  }
  /** How many messages of each request are there. */
  function rowsOf({ messages }: Facts): Map<string, number> {
    const rows = new Map<string, number>();
    for (const { requestId } of messages.values()) rows.set(requestId, (rows.get(requestId) ?? 0) + 1);
    return rows;
  }
  const namesIn = (dir: string) => readdirSync(dir).sort();

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'trunkline-backup-'));
    ({ url } = await start(live()));
    shop = await shopAt(url);
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(root, { recursive: true, force: true });
  });

  it('taken while requests are accepted holds every one that was acknowledged before, whole', async () => {
    const acknowledged: string[] = [];
    const over = new AbortController();
    const load = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) acknowledged.push(await submit(20));
    });
    while (acknowledged.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = [...acknowledged];
    const backup = await takeBackup(configOf(live()), newPath('busy.db.gz'));
    const during = acknowledged.length - before.length;
    over.abort();
    await Promise.all(load);
    expect(backup.heldBy).toBe('the running gateway');
    expect(during).toBeGreaterThan(0);

    const dir = newPath('restored');
    await restoreBackup(dir, backup.path, new Date());
    const restored = await start(dir);
    // The secrets came along: who was logged in still is, and the phones' tokens are good.
    const same = new Api(restored.url, shop.admin.credentials);
    expect((await same.get('/auth/me')).status).toBe(200);
    const job = await new Api(restored.url).withToken(shop.phone.token).get('/agent/jobs/next?limit=1');
    expect(job.body.messages).toHaveLength(1);
    await stop(restored.program);

    const facts = await factsOf(dir);
    const rows = rowsOf(facts);
    expect(before.filter((id) => rows.get(id) !== 20)).toEqual([]);
    // What was on its way when the copy was taken is finished or undone, never half there.
    const requests = [...facts.requests.values()].filter(({ tombstone }) => !tombstone);
    expect(requests.filter(({ _id, expanded }) => !expanded || rows.get(_id) !== 20)).toEqual([]);
    expect([...rows.keys()].filter((id) => !facts.requests.has(id))).toEqual([]);
    expect(facts.counters.filter(({ holds }) => Object.keys(holds).length > 0)).toEqual([]);
  });

  it('is of the moment at which it began, however slowly it is copied and however much is written meanwhile', async () => {
    const file = join(live(), 'trunkline.db');
    const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
    const early = await submit(1);
    const hold = await holdFolder(configOf(live()));
    const size = statSync(file).size;
    const first = hashOf(file);
    // Emptied into the file; what the gateway does in the background may have written a few pages since.
    expect(statSync(`${file}-wal`).size).toBeLessThan(100 * 4096);
    // Much more than the log may grow to at other times: its checkpoints would be here.
    const late = [await submit(5000), await submit(5000)];
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(4000 * 4096);
    expect(statSync(file).size).toBe(size);
    expect(hashOf(file)).toBe(first);
    const copy = newPath('copy');
    mkdirSync(copy);
    copyFileSync(file, join(copy, 'trunkline.db'));
    await hold.release();
    expect(statSync(`${file}-wal`).size).toBeLessThan(4000 * 4096);
    expect(hashOf(file)).not.toBe(first);

    const { requests } = await factsOf(copy);
    expect(requests.has(early)).toBe(true);
    expect(late.filter((id) => requests.has(id))).toEqual([]);
    expect((await shop.client.get(`/requests/${late[1]}`)).body.status_counts).toEqual({ PENDING: 5000 });
  });

  it('is of no use when the gateway stops meanwhile, and says so', async () => {
    const dir = newPath('stopping');
    const { program } = await start(dir);
    const hold = await holdFolder(configOf(dir));
    await stop(program);
    await expect(hold.release()).rejects.toThrow('no longer answers');
  });

  it('is taken one at a time; a hold whose command has gone ends by itself', async () => {
    const hold = await holdFolder(configOf(live()));
    await expect(takeBackup(configOf(live()), newPath('second.db'))).rejects.toThrow('Another backup is being taken');
    await hold.release();
    await expect(hold.release()).rejects.toThrow('did not hold the file until the copy was finished');
    // A command that is killed with the hold in its hands.
    const holder = new Program('../test/support/hold-and-wait.mjs', root, { DATA_DIR: live() });
    programs.push(holder);
    await holder.said(/held/);
    await expect(holdFolder(configOf(live()))).rejects.toThrow('Another backup is being taken');
    await holder.kill();
    let next: Awaited<ReturnType<typeof holdFolder>> | undefined;
    while (!next) next = await holdFolder(configOf(live())).catch(() => undefined);
    await next.release();
  });

  it('is one checked file for its owner alone, by a command that tells what is in it', async () => {
    const path = newPath('told.db');
    const told = run('commands/backup.js', live(), path);
    expect(await told.ended).toEqual({ code: 0, signal: null });
    expect(told.output).toMatch(
      /^Copied while the running gateway wrote nothing to the file, then checked: no fault found\.$/m,
    );
    expect(told.output).toMatch(/^ {2}agents +\d+$/m);
    expect(told.output).toContain(`${path} is complete`);
    expect(told.output).toContain('secrets that the gateway generated are in it');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const database = new Database(path);
    expect(database.rows('PRAGMA integrity_check')).toEqual([['ok']]);
    expect(database.rows('PRAGMA journal_mode')).toEqual([['delete']]);
    database.close();
    expect(namesIn(root).filter((name) => name.includes('part'))).toEqual([]);

    const again = run('commands/backup.js', live(), path);
    expect((await again.ended).code).toBe(1);
    expect(again.errors).toContain('already exists');
  });

  it.each([
    ['no file', [] as string[], {}, 2, 'npm run backup -- FILE'],
    ['two files', ['a', 'b'], {}, 2, 'npm run backup -- FILE'],
    ['a file in no folder', ['/no/such/folder/x.db'], {}, 1, 'The folder /no/such/folder does not exist'],
    [
      'a folder without a store',
      ['x.db'],
      { DATA_DIR: '/no/such/data' },
      1,
      'The folder /no/such/data contains no store',
    ],
    ['MongoDB', ['x.db'], { MONGO_URI: 'mongodb://127.0.0.1:1/' }, 2, 'mongodump'],
  ])('of %s is refused in plain words', async (_name, args, env, code, words) => {
    const program = new Program(
      'commands/backup.js',
      root,
      { DATA_DIR: live(), ...(env as Record<string, string>) },
      args,
    );
    programs.push(program);
    expect((await program.ended).code).toBe(code);
    expect(program.errors).toContain(words);
    expect(existsSync(join(root, 'x.db'))).toBe(false);
  });

  describe('of a stopped gateway', () => {
    let dir: string;
    let backup: string;

    beforeAll(async () => {
      dir = newPath('stopped');
      const { program } = await start(dir);
      // Killed: the log holds what the file doesn't.
      await program.kill();
      backup = newPath('stopped.db');
      expect(await takeBackup(configOf(dir), backup)).toMatchObject({ heldBy: 'this command', hasSecrets: true });
    });

    it('can be restored; what was there is moved aside, and can be put back', async () => {
      const target = newPath('target');
      cpSync(dir, target, { recursive: true });
      const { program, url: at } = await start(target);
      const since = await shopAt(at);
      const refused = run('commands/restore.js', target, backup);
      expect(await refused.ended).toEqual({ code: 1, signal: null });
      expect(refused.errors).toMatch(/^Another Trunkline process uses the data folder .+ Stop that process first/);
      // Killed: the log goes along.
      await program.kill();
      const secrets = readFileSync(join(target, 'secrets.json'), 'utf8');
      const done = run('commands/restore.js', target, backup);
      expect(await done.ended).toEqual({ code: 0, signal: null });
      expect(done.output).toContain('npm start');
      const [, aside] = /is kept as (\S+);/.exec(done.output)!;
      expect(namesIn(target).filter((name) => !name.includes('before-restore'))).toEqual([
        'control.json',
        'secrets.json',
        'trunkline.db',
      ]);
      expect(readFileSync(join(target, 'secrets.json'), 'utf8')).toBe(secrets);

      const known = async () => {
        const again = await start(target);
        const { status } = await new Api(again.url).withToken(since.phone.token).get('/agent/jobs/next?limit=1');
        await stop(again.program);
        return status === 200;
      };
      expect(await known()).toBe(false);
      copyFileSync(aside!, join(target, 'trunkline.db'));
      expect(await known()).toBe(true);
    });

    it('goes into a folder that isn’t there yet', async () => {
      const target = join(newPath('new'), 'data');
      expect(await restoreBackup(target, backup, new Date())).toMatchObject({ movedTo: undefined, hasSecrets: true });
      expect(namesIn(target)).toEqual(['secrets.json', 'trunkline.db']);
      expect(statSync(target).mode & 0o777).toBe(0o700);
      expect(statSync(join(target, 'secrets.json')).mode & 0o777).toBe(0o600);
      expect((await factsOf(target)).requests.size).toBe(0);
    });

    it('takes the place of a store that is damaged beyond opening', async () => {
      const target = newPath('damaged');
      mkdirSync(target);
      writeFileSync(join(target, 'trunkline.db'), 'not a database at all'.repeat(500));
      writeFileSync(join(target, 'trunkline.db-wal'), 'nor a log');
      const { movedTo } = await restoreBackup(target, backup, new Date('2026-11-21T10:00:00.000Z'));
      expect(movedTo).toBe(join(target, 'trunkline.db.before-restore-2026-11-21T10-00-00-000Z'));
      expect(readFileSync(movedTo!, 'utf8')).toContain('not a database at all');
      expect(readFileSync(`${movedTo}-wal`, 'utf8')).toBe('nor a log');
      expect((await factsOf(target)).requests.size).toBe(0);
    });

    it.each([
      ['missing', () => newPath('none.db'), 'There is no file'],
      ['a folder', () => dir, 'is not a file'],
      ['empty', () => fileOf(''), 'neither a SQLite database nor gzipped'],
      ['something else', () => fileOf('PK\u0003\u0004 a zip, say'), 'neither a SQLite database nor gzipped'],
      ['something else, gzipped', () => fileOf(gzipSync('hello')), "can't be restored. "],
      ['cut off', () => cutOff(readFileSync(backup)), "can't be restored. "],
      ['cut off, gzipped', () => cutOff(gzipSync(readFileSync(backup))), 'is damaged or was cut off'],
      ['damaged inside', () => damaged(readFileSync(backup)), "can't be restored. "],
      ['of another program', () => foreign(), 'not a Trunkline store'],
      ['of a newer Trunkline', () => newer(), 'Use Trunkline 7.8.9 or newer'],
    ])('is refused when the file is %s, and nothing is touched', async (_name, make, words) => {
      const target = newPath('kept');
      cpSync(dir, target, { recursive: true });
      const before = namesIn(target).map((name) => [name, readFileSync(join(target, name), 'base64')]);
      await expect(restoreBackup(target, make(), new Date())).rejects.toThrow(words);
      expect(namesIn(target).map((name) => [name, readFileSync(join(target, name), 'base64')])).toEqual(before);
    });

    function fileOf(content: string | Buffer): string {
      const path = newPath('bad.db');
      writeFileSync(path, content);
      return path;
    }
    function cutOff(content: Buffer): string {
      const path = fileOf(content);
      truncateSync(path, Math.floor(content.length * 0.6));
      return path;
    }
    function damaged(content: Buffer): string {
      content.fill(0xab, 4096 * 3, 4096 * 8);
      return fileOf(content);
    }
    function foreign(): string {
      const path = newPath('foreign.db');
      const database = new Database(path);
      database.exec('CREATE TABLE songs (title)');
      database.close();
      return path;
    }
    function newer(): string {
      const path = newPath('newer.db');
      copyFileSync(backup, path);
      const database = new Database(path);
      database.run(
        `UPDATE docs_app_config SET doc = json_set(doc, '$.version', 999, '$.program', '7.8.9') WHERE _id = 'schema'`,
      );
      database.close();
      return path;
    }
  });
});
