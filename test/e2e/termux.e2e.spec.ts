import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TermuxPhone, type StoredSms } from '../fakes/termux-phone.js';
import { TestGateway } from '../support/gateway.js';
import { Program } from '../support/program.js';
import { sendOne } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';
import { waitFor } from '../support/wait-for.js';

const PATIENCE = { timeout: 20_000, interval: 50 };
let devices = 0;

const sms = (
  _id: number,
  body: string,
  received = `2026-11-26 10:00:${String(_id % 60).padStart(2, '0')}`,
): StoredSms => ({
  _id,
  type: 'inbox',
  address: '+84901234567',
  received,
  body,
});

describe('a phone with Termux', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let phone: TermuxPhone;
  let device: string;
  let agent: Program | undefined;

  beforeAll(async () => {
    gateway = await TestGateway.start({ AGENT_RATE_LIMIT_PER_MIN: '6000' }, { realTime: true });
    shop = await openShop(gateway, { content: '-n {CODE}' });
  });
  beforeEach(() => {
    phone = new TermuxPhone();
    device = `termux-${++devices}`;
  });
  afterEach(async () => {
    await agent?.kill();
    agent = undefined;
    phone.remove();
  });
  afterAll(() => gateway.stop());

  const start = (...args: string[]) => {
    const options = ['--modem', 'termux', '--device', device, '--url', gateway.url];
    const quick = ['--inbox-every', '1', '--heartbeat', '1', '--wait', '1', '--json'];
    agent = new Program('android-agent-sim/main.js', phone.home, phone.environment, [...options, ...quick, ...args]);
    return agent;
  };
  const startOnline = async (...args: string[]) => {
    await start(...args).said(/"event":"online"/);
    const { body } = await shop.admin.get('/admin/agents?limit=500');
    return body.items.find((item: { device_id: string }) => item.device_id === device);
  };
  const send = (agentId: string, text: string, extra = {}) =>
    sendOne({ ...shop, phone: { ...shop.phone, agentId } }, text, extra);
  const read = async (id: string) => (await shop.client.get(`/messages/${id}`)).body;
  const expectStatus = (id: string, status: string) =>
    waitFor(async () => expect(await read(id)).toMatchObject({ status }), PATIENCE);
  /** Longer than a poll of the phone, which waits for a second. */
  const rounds = async (count: number) => {
    const before = phone.calls('termux-battery-status');
    await waitFor(() => expect(phone.calls('termux-battery-status')).toBeGreaterThan(before + count), PATIENCE);
  };
  const expectToWait = async (id: string, count = 2) => {
    await rounds(count);
    expect(await read(id)).toMatchObject({ status: 'PENDING', attempts: 0 });
  };
  const received = async (agentId: string) =>
    (await shop.client.get(`/inbound-messages?agent_id=${agentId}&limit=500`)).body.items.map(
      ({ text }: { text: string }) => text,
    );
  const expectReceived = (agentId: string, texts: string[]) =>
    waitFor(async () => expect((await received(agentId)).toSorted()).toEqual(texts.toSorted()), PATIENCE);

  it('sends what it is given, letter for letter, and tells that it was sent', async () => {
    const { agent_id } = await startOnline();
    const text = 'C:\\new "$HOME" `id`\nZażółć gęślą 👋 và cảm ơn';
    const { message_id, to } = await send(agent_id, text);
    await expectStatus(message_id, 'SENT');
    expect(phone.sent).toEqual([{ number: to, slot: null, text: `-n ${text}` }]);
  });

  it('shows its battery, its signal and its SIM', async () => {
    const { agent_id } = await startOnline();
    await waitFor(
      async () =>
        expect((await shop.admin.get(`/admin/agents/${agent_id}`)).body).toMatchObject({
          label: device,
          battery_level: 73,
          signal: -95,
          app_version: '1.0.0-termux',
          sims: [{ slot: 0, number: null, carrier: 'Viettel' }],
        }),
      PATIENCE,
    );
  });

  it('uploads each text that it receives once, and none that it had before its first start', async () => {
    phone.hold([sms(1, 'old'), sms(2, 'old, too')]);
    const { agent_id } = await startOnline();
    await waitFor(() => expect(phone.remembers(device)).toBe(2), PATIENCE);
    phone.hold([sms(1, 'old'), sms(3, 'Xin chào 👋\nline two'), { ...sms(4, 'mine'), type: 'sent' }]);
    await expectReceived(agent_id, ['Xin chào 👋\nline two']);
    await agent!.kill();

    // While it was away texts came, and one got the id of a text that was deleted.
    const many = Array.from({ length: 120 }, (_, i) =>
      sms(10 + i, `text ${i}`, `2026-11-26 11:0${Math.floor(i / 60)}:${String(i % 60).padStart(2, '0')}`),
    );
    phone.hold([sms(1, 'old'), sms(3, 'a new three', '2026-11-26 10:30:00'), ...many]);
    await startOnline();
    const all = ['Xin chào 👋\nline two', 'a new three', ...many.map(({ body }) => body)];
    await expectReceived(agent_id, all);
    const uploads = agent!.output.match(/"event":"inbound"/g);
    expect(uploads).toHaveLength(121);
    await agent!.kill();
    await startOnline();
    const { message_id } = await send(agent_id, 'after');
    await expectStatus(message_id, 'SENT');
    expect(agent!.output).not.toMatch(/"event":"inbound"/);
  });

  it('keeps its token over a restart, and registers again when it is no longer good', async () => {
    const tokenFile = join(phone.home, '.agent-journal', `${device}.token`);
    const first = await startOnline();
    const token = readFileSync(tokenFile, 'utf8');
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    await agent!.kill();
    expect(await startOnline()).toMatchObject({ agent_id: first.agent_id, rotated_at: null });
    expect(readFileSync(tokenFile, 'utf8')).toBe(token);
    await agent!.kill();
    writeFileSync(tokenFile, 'tla_an-old-one');
    expect(await startOnline()).toMatchObject({ agent_id: first.agent_id, rotated_at: expect.any(String) });
    expect(readFileSync(tokenFile, 'utf8')).not.toBe(token);
  });

  it('that dies while it hands a text over never sends it again', async () => {
    phone.behave({ send: 'hangs' });
    const { agent_id } = await startOnline();
    const { message_id } = await send(agent_id, 'once');
    await waitFor(() => expect(phone.sent).toHaveLength(1), PATIENCE);
    await agent!.kill();

    phone.behave({ send: 'works' });
    await startOnline();
    const next = await send(agent_id, 'the next');
    await expectStatus(next.message_id, 'SENT');
    expect(phone.sent.map(({ text }) => text)).toEqual(['-n once', '-n the next']);
    expect(await read(message_id)).toMatchObject({ status: 'SENDING' });
  });

  it('says neither SENT nor FAILED of a text when the app is silent, and starts no other', async () => {
    const { agent_id } = await startOnline('--send-timeout', '1');
    phone.behave({ app: 'is silent' });
    const { message_id } = await send(agent_id, 'into the silence');
    await waitFor(() => expect(agent!.errors).toMatch(/open it once.*Nobody knows whether this text was/), PATIENCE);
    await rounds(0);
    const next = await send(agent_id, 'after the silence');
    await expectToWait(next.message_id, 0);
    expect(await read(message_id)).toMatchObject({ status: 'SENDING' });
    expect(phone.sent).toEqual([]);
  });

  it('whose app talks garbage says so once, and tells no battery', async () => {
    phone.behave({ app: 'talks garbage' });
    const { agent_id } = await startOnline();
    const { message_id } = await send(agent_id, 'to the garbage');
    await waitFor(() => expect(agent!.errors).toMatch(/Nobody knows/), PATIENCE);
    expect(agent!.errors.match(/termux-battery-status answered something odd/g)).toHaveLength(1);
    expect((await shop.admin.get(`/admin/agents/${agent_id}`)).body).toMatchObject({
      online: true,
      battery_level: null,
    });
    expect(await read(message_id)).toMatchObject({ status: 'SENDING' });
  });

  it.each(['hangs', 'crashes'] as const)('leaves a text SENDING when its command %s', async (how) => {
    const { agent_id } = await startOnline('--send-timeout', '1');
    phone.behave({ send: how });
    const { message_id } = await send(agent_id, `it ${how}`);
    await waitFor(() => expect(agent!.errors).toMatch(/Nobody knows whether this text was sent/), PATIENCE);
    expect(await read(message_id)).toMatchObject({ status: 'SENDING' });
    expect(phone.sent).toHaveLength(1);
    expect(phone.running()).toEqual([]);
  });

  it('that may not send fails the text with the reason, and rests before the next', async () => {
    phone.behave({ send: 'lacks permission' });
    const { agent_id } = await startOnline();
    const { message_id } = await send(agent_id, 'no');
    await expectStatus(message_id, 'FAILED');
    expect(await read(message_id)).toMatchObject({ last_error: 'TERMUX_REFUSED' });
    const why = /SEND_SMS.*Allow restricted settings/;
    expect(agent!.errors).toMatch(why);
    expect(JSON.stringify(await read(message_id))).toMatch(why);
    phone.behave({ send: 'works' });
    await rounds(2);
    const next = await send(agent_id, 'rests');
    await expectToWait(next.message_id);
    expect(phone.sent).toEqual([]);
  });

  it('without the command that sends doesn’t start, and says what to install', async () => {
    phone.lacks('termux-sms-send');
    const { ended } = start();
    expect(await ended).toMatchObject({ code: 1 });
    expect(agent!.errors).toMatch(/^agent-sim: termux-sms-send is missing: run "pkg install termux-api"$/m);
  });

  it('without the other commands sends all the same', async () => {
    for (const name of ['battery-status', 'telephony-deviceinfo', 'telephony-cellinfo', 'sms-list']) {
      phone.lacks(`termux-${name}`);
    }
    const { agent_id } = await startOnline();
    const { message_id } = await send(agent_id, 'works');
    await expectStatus(message_id, 'SENT');
    expect(agent!.errors.match(/is missing/g)).toHaveLength(4);
  });

  it('with two SIMs sends by the one that is asked for', async () => {
    phone.behave({ slots: [0, 1] });
    const { agent_id } = await startOnline('--sims', '2');
    for (const slot of [1, 0]) {
      const { message_id } = await send(agent_id, `by SIM ${slot}`, { sim_slot: slot });
      await expectStatus(message_id, 'SENT');
    }
    expect(phone.sent.map(({ slot }) => slot)).toEqual([1, 0]);
  });

  it('without a SIM that works takes no text', async () => {
    phone.behave({ simState: 'pin_required' });
    const { agent_id } = await startOnline();
    expect(agent!.errors).toMatch(/texts wait: the SIM is pin required/);
    const { message_id } = await send(agent_id, 'waits');
    await expectToWait(message_id);
    phone.behave({ simState: 'ready' });
    await expectStatus(message_id, 'SENT');
  });
});
