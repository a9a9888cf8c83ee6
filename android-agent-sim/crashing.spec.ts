import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from './protocol-types.js';
import { eventually, namesOf, Scene } from './testing/quick-phones.js';

const scene = new Scene();
const folders: string[] = [];
afterEach(async () => {
  await scene.end();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'phone-'));
  folders.push(path);
  return path;
}

const once = (log: { name: string }[], name: string) => log.filter((note) => note.name === name).length;

test('after a crash the phone tells what its journal has, and sends nothing a second time', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' }, { message_id: 'msg_2' });
  const fleet = await scene.phones(gateway, { crash: 1, crashSeconds: 0.05, limit: 1, deliveryLatency: [300, 300] });
  await fleet.until(2);
  expect(once(fleet.log, 'crashed')).toBe(2);
  expect(once(fleet.log, 'sending')).toBe(2);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENT', 'DELIVERED']);
  // A text handed over just before the first crash may be reported as SENDING once more after it.
  expect(gateway.reported('msg_2').slice(-3)).toEqual(['SENDING', 'SENT', 'DELIVERED']);
});

test('a message in the journal that is leased again is told, not sent', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { delivery: 0 });
  await fleet.until(1);
  gateway.messages.delete('msg_1');
  gateway.put({ message_id: 'msg_1' });
  await fleet.until(2);
  expect(once(fleet.log, 'sending')).toBe(1);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENT', 'SENT']);
  expect(gateway.statusOf('msg_1')).toBe('SENT');
});

test('a new process with the same journal reads it, tells what was not told, and asks again where it had asked', async () => {
  const gateway = await scene.gateway();
  const journal = await folder();
  const at = new Date().toISOString();
  const job = (message_id: string) => ({ message_id, to: '+12025550123', text: 'x', lease_id: `lease_${message_id}` });
  for (const id of ['asked', 'handed', 'sent', 'told']) {
    gateway.messages.set(id, { ...job(id), status: 'SENDING' });
  }
  const lines = [
    { message_id: 'asked', state: 'ASKED', at, lease_id: 'lease_asked', job: job('asked') },
    { message_id: 'handed', state: 'HANDED', at, lease_id: 'lease_handed' },
    { message_id: 'sent', state: 'SENT', at, lease_id: 'lease_sent' },
    { message_id: 'told', state: 'SENT', at, told: 'SENT' },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(journal, 'sim-1.jsonl'), `${text}{"message_id":"cut off`);
  const fleet = await scene.phones(gateway, { journal, delivery: 0 });
  await fleet.until(2);
  await eventually(() => gateway.reported('handed').length > 0);
  await fleet.stop();
  expect(gateway.reported('asked')).toEqual(['SENDING', 'SENT']);
  expect(gateway.reported('handed')).toEqual(['SENDING']);
  expect(gateway.reported('sent')).toEqual(['SENT']);
  expect(gateway.reported('told')).toEqual([]);
  expect(fleet.log.filter(({ name }) => name === 'sending').map(({ messageId }) => messageId)).toEqual(['asked']);
});

test('the journal has a message before the radio has it', async () => {
  const gateway = await scene.gateway();
  const journal = await folder();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { journal, latency: [300, 300] });
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('sending'));
  const states = (await readFile(join(journal, 'sim-1.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { state: string }).state);
  expect(states).toEqual(['ASKED', 'HANDED']);
});

test('without network nothing is polled or told, and afterwards everything is', async () => {
  const gateway = await scene.gateway();
  const heard: number[] = [];
  gateway.instead = (path, body) => {
    const told = path.endsWith('/report') && (body as { messages: Report[] }).messages[0]?.status !== 'SENDING';
    if (told) heard.push(Date.now());
    return undefined;
  };
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { offline: 1, offlineSeconds: 0.4 });
  await eventually(() => once(fleet.log, 'offline') > 0);
  const lost = Date.now();
  const polls = gateway.polls;
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('delivered'));
  expect(gateway.reported('msg_1')).toEqual(['SENDING']);
  expect(gateway.polls).toBe(polls);
  await fleet.until(1);
  expect((heard[0] as number) - lost).toBeGreaterThan(350);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENT', 'DELIVERED']);
});

test('a stop while the app is away brings it back to tell what it knows', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { crash: 1, crashSeconds: 60 });
  await eventually(() => once(fleet.log, 'crashed') > 0);
  expect(gateway.reported('msg_1')).toEqual(['SENDING']);
  await fleet.stop();
  expect(gateway.statusOf('msg_1')).toBe('DELIVERED');
});
