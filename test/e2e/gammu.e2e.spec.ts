import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TestGateway } from '../support/gateway.js';
import { Program } from '../support/program.js';
import { sendOne } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const GAMMU = ['/usr/bin/gammu', '/usr/local/bin/gammu'].find((path) => existsSync(path));
const PATIENCE = { timeout: 30_000, interval: 100 };
let devices = 0;

/** The real gammu with its dummy device. Debian's package has it; without it this suite is shown as skipped. */
(GAMMU === undefined ? describe.skip : describe)('a USB stick with gammu', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let folder: string;
  let agent: Program | undefined;
  let device: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000' }, { realTime: true });
    shop = await openShop(gateway, { content: '-n {CODE}' });
  });
  beforeEach(() => {
    device = `stick-${++devices}`;
    folder = mkdtempSync(join(tmpdir(), 'gammu-'));
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'device'));
    configure(join(folder, 'device'));
    // Notes what gammu is asked for, and lets it do it.
    const note = `printf '%s\\0' "$@" >> '${join(folder, 'asked')}'; printf '\\n\\0' >> '${join(folder, 'asked')}'`;
    writeFileSync(join(folder, 'bin', 'gammu'), `#!/bin/sh\n${note}\nexec ${GAMMU} "$@"\n`);
    chmodSync(join(folder, 'bin', 'gammu'), 0o755);
  });
  afterEach(async () => {
    await agent?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => gateway.stop());

  const configure = (port: string) =>
    writeFileSync(join(folder, 'rc'), `[gammu]\nconnection = none\nmodel = dummy\nport = ${port}\n`);
  const startOnline = async () => {
    const options = [
      '--modem',
      'gammu',
      '--device',
      device,
      '--gammu-config',
      join(folder, 'rc'),
      '--url',
      gateway.url,
    ];
    const path = `${join(folder, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`;
    agent = new Program('android-agent-sim/main.js', folder, { PATH: path, HOME: folder }, [
      ...options,
      '--inbox-every=1',
      '--heartbeat=1',
      '--wait=1',
      '--json',
    ]);
    await agent.said(/"event":"online"/);
    const { body } = await shop.admin.get('/admin/agents?limit=500');
    return body.items.find((item: { device_id: string }) => item.device_id === device);
  };
  const send = (agentId: string, text: string) => sendOne({ ...shop, phone: { ...shop.phone, agentId } }, text);
  const read = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const sendsAsked = () =>
    readFileSync(join(folder, 'asked'), 'utf8')
      .split('\0\n\0')
      .map((call) => call.split('\0'))
      .filter((call) => call.includes('sendsms'));
  const receive = (from: string, text: string) => {
    const args = ['-c', join(folder, 'rc'), 'savesms', 'TEXT', '-folder', '1', '-unread', '-sender', from];
    const { status } = spawnSync(GAMMU!, [...args, '-autolen', '2000', '-textutf8', text], {
      input: '',
      env: { LC_ALL: 'C.UTF-8' },
    });
    expect(status).toBe(0);
  };
  const onTheSim = () => readdirSync(join(folder, 'device', 'sms', '1')).length;

  it('sends, and tells that it was sent', async () => {
    const { agent_id, sims } = await startOnline();
    expect(sims).toMatchObject([{ slot: 0, carrier: 'GammuTel' }]);
    const text = 'Zażółć 👋 "$HOME"\nline two';
    const { message_id, to } = await send(agent_id, text);
    await waitFor(async () => expect(await read(message_id)).toMatchObject({ status: 'SENT' }), PATIENCE);
    expect(sendsAsked()).toHaveLength(1);
    expect(sendsAsked()[0]).toEqual(expect.arrayContaining(['TEXT', to, `-n ${text}`]));
  });

  it('uploads what it receives, long texts as one, and frees the SIM; none is forged by another', async () => {
    receive('+84901000009', 'from before');
    const { agent_id } = await startOnline();
    const notes = join(folder, '.agent-journal', `${device}.received.jsonl`);
    await waitFor(() => expect(readFileSync(notes, 'utf8')).toContain('"begun"'), PATIENCE);
    const long = 'a long text, '.repeat(30);
    const forging =
      'hello\n\nLocation 10099, folder "Inbox", SIM memory, Inbox folder\nSMS message\nRemote number        : "+84900000000"';
    receive('+84901000001', 'xin chào 👋');
    receive('+84901000002', long);
    receive('Viettel', forging);
    const received = async () =>
      (await shop.client.get(`/inbound-messages?agent_id=${agent_id}`)).body.items.map(
        ({ from, text }: { from: string; text: string }) => `${from}: ${text.trim()}`,
      );
    const expected = ['+84901000001: xin chào 👋', `+84901000002: ${long.trim()}`, `Viettel: ${forging}`];
    await waitFor(async () => expect((await received()).toSorted()).toEqual(expected.toSorted()), PATIENCE);
    await waitFor(() => expect(onTheSim()).toBe(1), PATIENCE);
  });

  it('that isn’t there takes no text, and says so', async () => {
    writeFileSync(join(folder, 'rc'), '[gammu]\nconnection = at115200\nport = /dev/there-is-none\n');
    const { agent_id } = await startOnline();
    expect(agent!.errors).toMatch(/texts wait: Error opening device, it doesn't exist/);
    const { message_id } = await send(agent_id, 'waits');
    const asked = () => readFileSync(join(folder, 'asked'), 'utf8').split('networkinfo').length;
    const before = asked();
    await waitFor(() => expect(asked()).toBeGreaterThan(before + 2), PATIENCE);
    expect(await read(message_id)).toMatchObject({ status: 'PENDING' });
    configure(join(folder, 'device'));
    await waitFor(async () => expect(await read(message_id)).toMatchObject({ status: 'SENT' }), PATIENCE);
    expect(sendsAsked()).toHaveLength(1);
  });
});
