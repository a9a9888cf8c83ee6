import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Program } from '../support/program.js';
import { waitFor } from '../support/wait-for.js';

const LISTENS = /Trunkline listens on (http:\S+)/;
const PASSWORD = /Log in as (\S+) with the password (\S+)/;
const STACK = /^\s+at /m;
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Below those that systems hand out for port 0, so that no other test is given it meanwhile. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await new Promise((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

describe('a program that cannot start', () => {
  let folder: string;
  let data: string;
  let programs: Program[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trunkline-start-failures-'));
    data = join(folder, 'data');
    programs = [];
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true });
  });

  function run(script: string, env: Record<string, string> = {}, args: string[] = []): Program {
    const program = new Program(script, folder, { PORT: '0', DATA_DIR: data, ...env }, args);
    programs.push(program);
    return program;
  }
  async function refusal(env: Record<string, string>, code = 1): Promise<string> {
    const program = run('main.js', env);
    expect(await program.ended).toEqual({ code, signal: null });
    expect(program.errors).not.toMatch(STACK);
    expect(program.output).not.toMatch(PASSWORD);
    return program.errors;
  }
  async function startsAndStops(): Promise<Program> {
    const program = run('main.js');
    await program.said(LISTENS);
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    return program;
  }

  it('finds a port that is taken before it makes the first administrator', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    expect(await refusal({ PORT: String(port) })).toBe(
      `Trunkline could not start: another program uses the port ${port} of 127.0.0.1. Stop that program, or set PORT to another port.\n`,
    );
    await new Promise((resolve) => holder.close(resolve));
    expect(await refusal({ HOST: '192.0.2.1' })).toContain(
      'this machine does not have the address 192.0.2.1. Set HOST',
    );
    expect((await startsAndStops()).output).toMatch(PASSWORD);
  });

  it('listens only once the first administrator can log in', async () => {
    const port = await freePort();
    const password = 'correct-horse-battery';
    run('main.js', { PORT: String(port), SEED_ADMIN_PASSWORD: password });
    const login = () =>
      fetch(`http://127.0.0.1:${port}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password }),
      }).catch(() => null);
    const first = await waitFor(
      async () => {
        const answer = await login();
        expect(answer).not.toBeNull();
        return answer!;
      },
      { timeout: 60_000, interval: 5 },
    );
    expect(first.status).toBe(200);
  });

  it('says that the data folder is a file, and where secrets are damaged without telling them', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const DATA_DIR of [join(folder, 'file'), join(folder, 'file', 'in')])
      expect(await refusal({ DATA_DIR })).toContain(
        `DATA_DIR is ${DATA_DIR}, which is a file or in one. Set it to a folder.`,
      );
    mkdirSync(data);
    writeFileSync(join(data, 'secrets.json'), '{"JWT_SECRET":"zqsecret');
    const told = await refusal({});
    expect(told).toContain(`${join(data, 'secrets.json')} is damaged. Put the file of a backup in its place`);
    expect(told).not.toContain('zq');
  });

  it('says where a damaged store is and how to restore it, and that works', async () => {
    await startsAndStops();
    const backup = join(folder, 'backup.db');
    expect((await run('commands/backup.js', {}, [backup]).ended).code).toBe(0);
    const file = join(data, 'trunkline.db');
    const whole = readFileSync(file);
    for (const damaged of [
      Buffer.alloc(20_000, 'x'),
      Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(40_000, 'x')]),
    ]) {
      writeFileSync(file, damaged);
      const told = await refusal({});
      expect(told).toContain(`The store ${file} is damaged`);
      expect(told).toContain('npm run restore -- FILE');
    }
    expect((await run('commands/restore.js', {}, [backup]).ended).code).toBe(0);
    await startsAndStops();
  });

  it('names MONGO_URI and the servers of it, never the password in it', async () => {
    const down = await refusal({ MONGO_URI: 'mongodb://zquser:zqword@127.0.0.1:1,localhost:1/?replicaSet=rs9' });
    expect(down).toContain('MongoDB at 127.0.0.1:1,localhost:1 (MONGO_URI) does not answer (');
    expect(down).toContain('that it is a member of the replica set rs9');
    const unreadable = await refusal({ MONGO_URI: 'mongodb://zquser:zq@word/x@127.0.0.1:1/' });
    expect(unreadable).toContain("MONGO_URI can't be read. It is mongodb://user:password@host:27017");
    const option = await refusal({ MONGO_URI: 'mongodb://zquser:zqword@127.0.0.1:1/?replikaSet=rs0' });
    expect(option).toContain("MONGO_URI can't be read (option replikaset is not supported)");
    expect(down + unreadable + option).not.toContain('zq');
  });

  it.each([
    'main.js',
    'demo/main.js',
    'android-agent-sim/main.js',
    ...readdirSync(join(DIST, 'commands/programs'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `commands/${name}`),
  ])('%s says that Node is too old before it imports anything else', async (script) => {
    const preload = join(folder, 'old.cjs');
    const version = (value: string) =>
      `for (const [of, name, value] of [[process, 'version', 'v${value}'], [process.versions, 'node', '${value}']])` +
      'Object.defineProperty(of, name, { value });';
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const file of [script, 'required-node.js', 'android-agent-sim/required-node.js'])
      cpSync(join(DIST, file), join(folder, file), { recursive: true });
    for (const [value, told] of [
      ['18.20.4', 'This needs Node.js 20.19 or newer; this is v18.20.4.'],
      ['20.18.1', 'this is v20.18.1.'],
      ['20.19.0', 'Install what is missing with: npm ci'],
      ['22.0.0', 'Install what is missing with: npm ci'],
    ] as const) {
      writeFileSync(preload, version(value));
      const program = new Program(join(folder, script), folder, { NODE_OPTIONS: `--require ${preload}` });
      expect((await program.ended).code).toBe(1);
      expect(program.errors).toMatch(new RegExp(told));
      expect(program.errors).not.toMatch(STACK);
    }
  });
});
