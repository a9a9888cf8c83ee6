import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { writeControlFile, type ControlAddress } from '../../src/control/control-file.js';
import { GatewayLink } from '../../src/control/gateway-link.js';
import { Api } from '../support/api.js';
import { Program } from '../support/program.js';

const LISTENS = /Trunkline listens on (http:\S+)/;
const LOCKED = /^Another Trunkline process uses the data folder /;
const PASSWORD = 'correct-horse-battery';

// On MongoDB commands go to the database and need no running gateway.
(process.env['E2E_STORE'] === 'mongo' ? describe.skip : describe)('commands beside a running gateway', () => {
  let folder: string;
  let gateway: Program;
  let url: string;
  const programs: Program[] = [];
  const dataDir = () => join(folder, 'data');
  const controlFile = (dir = dataDir()) => join(dir, 'control.json');
  const address = () => JSON.parse(readFileSync(controlFile(), 'utf8')) as ControlAddress;

  function run(script: string, env: Record<string, string> = {}): Program {
    const program = new Program(script, folder, {
      PORT: '0',
      DATA_DIR: dataDir(),
      SEED_ADMIN_PASSWORD: PASSWORD,
      ...env,
    });
    programs.push(program);
    return program;
  }
  const call = (path: string, authorization: string, method = 'POST') =>
    fetch(`http://127.0.0.1:${address().port}${path}`, {
      method,
      headers: { authorization },
      ...(method === 'POST' ? { body: '{"args":[]}' } : {}),
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trunkline-control-'));
    gateway = run('main.js');
    url = (await gateway.said(LISTENS))[1]!;
  });
  afterEach(async () => {
    for (const program of programs.splice(1)) await program.kill();
  });
  afterAll(async () => {
    await gateway.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are carried out by that gateway', async () => {
    const seeding = run('commands/seed-admin.js', {
      SEED_ADMIN_USERNAME: 'Chef',
      SEED_ADMIN_PASSWORD: 'another-horse-battery',
    });
    expect(await seeding.ended).toEqual({ code: 0, signal: null });
    expect(seeding.output).toBe('Created the administrator chef.\n');
    const login = await new Api(url).post('/auth/login', { username: 'chef', password: 'another-horse-battery' });
    expect(login.status).toBe(200);
    const again = run('commands/seed-admin.js', { SEED_ADMIN_USERNAME: 'chef' });
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect(again.output).toBe('The user chef is there already; nothing was changed.\n');
    const indexes = run('commands/create-indexes.js');
    expect(await indexes.ended).toEqual({ code: 0, signal: null });
    expect(indexes.output).toMatch(/^The indexes of \d+ collections are in place\.\n$/);
  });

  it('need the secret that only who can read the folder has', async () => {
    expect(statSync(controlFile()).mode & 0o777).toBe(0o600);
    const { token, pid } = address();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(String(pid)).toBe((await call('/ping', `Bearer ${token}`)).headers.get('x-trunkline-pid'));
    for (const wrong of ['', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, token, 'Bearer undefined'])
      expect((await call('/create-indexes', wrong)).status).toBe(401);
    expect((await call('/create-indexes', `Bearer ${token}`, 'GET')).status).toBe(404);
    expect((await call('/no-such-thing', `Bearer ${token}`)).status).toBe(404);
    const answer = await call('/create-indexes', `Bearer ${token}`);
    expect(
      (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ line: expect.stringContaining('in place') }, { done: true }]);
    expect(gateway.output).not.toContain(token);
  });

  it.each([
    ['a port where nobody listens', (own: ControlAddress) => ({ ...own, port: 1 })],
    ['a wrong secret', (own: ControlAddress) => ({ ...own, token: 'x'.repeat(43) })],
    ['the id of a process that is gone', (own: ControlAddress) => ({ ...own, pid: own.pid + 1 })],
  ])('see a left-over control.json with %s for what it is', async (_name, change) => {
    const own = address();
    expect(await GatewayLink.find(dataDir())).toBeInstanceOf(GatewayLink);
    writeControlFile(dataDir(), change(own));
    expect(await GatewayLink.find(dataDir())).toBeUndefined();
    writeFileSync(controlFile(), '{"port":');
    expect(await GatewayLink.find(dataDir())).toBeUndefined();
    writeControlFile(dataDir(), own);
    expect(await GatewayLink.find(dataDir())).toBeInstanceOf(GatewayLink);
  });

  it('don’t go to another program that has got the port, and say who holds the folder', async () => {
    const own = address();
    const seen: string[] = [];
    const stranger: Server = createServer((request, response) => {
      seen.push(request.url!);
      response.end('{"done":true}\n');
    });
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    try {
      writeControlFile(dataDir(), { ...own, port: (stranger.address() as AddressInfo).port });
      const told = run('commands/create-indexes.js');
      expect((await told.ended).code).toBe(1);
      expect(told.errors).toMatch(LOCKED);
      expect(new Set(seen)).toEqual(new Set(['/ping']));
    } finally {
      writeControlFile(dataDir(), own);
      stranger.close();
    }
  });

  it('in another folder never reach it, not even through a copied control.json', async () => {
    const other = join(folder, 'copy');
    // As an operator would copy a folder: with a file that names the gateway of the original.
    cpSync(dataDir(), other, { recursive: true });
    const seeding = run('commands/seed-admin.js', { DATA_DIR: other, SEED_ADMIN_USERNAME: 'stranger' });
    expect(await seeding.ended).toEqual({ code: 0, signal: null });
    expect(seeding.output).toBe('Created the administrator stranger.\n');
    const login = (at: string) => new Api(at).post('/auth/login', { username: 'stranger', password: PASSWORD });
    expect((await login(url)).status).toBe(401);

    // Its own gateway takes its place in the file.
    const second = run('main.js', { DATA_DIR: other });
    const [, otherUrl] = await second.said(LISTENS);
    expect((await login(otherUrl!)).status).toBe(200);
    expect(await GatewayLink.find(other)).toBeInstanceOf(GatewayLink);
    writeFileSync(controlFile(other), readFileSync(controlFile()));
    expect(await GatewayLink.find(other)).toBeUndefined();
  });

  it('work alone once it has ended, well or not', async () => {
    const other = join(folder, 'other');
    const stopped = run('main.js', { DATA_DIR: other });
    await stopped.said(LISTENS);
    expect(existsSync(controlFile(other))).toBe(true);
    stopped.signal('SIGTERM');
    expect(await stopped.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(controlFile(other))).toBe(false);

    const killed = run('main.js', { DATA_DIR: other });
    await killed.said(LISTENS);
    await killed.kill();
    expect(existsSync(controlFile(other))).toBe(true);
    const indexes = run('commands/create-indexes.js', { DATA_DIR: other });
    expect(await indexes.ended).toEqual({ code: 0, signal: null });
  });
});
