import { afterEach, expect, test } from '@jest/globals';
import { run } from './cli.js';
import { eventually, Scene } from './testing/quick-phones.js';

const scene = new Scene();
afterEach(() => scene.end());

const quick = ['--latency', '0', '--delivery-latency', '0', '--wait', '5'];

async function runWith(args: string[], signal = new AbortController().signal, complained = () => {}) {
  let out = '';
  let err = '';
  const status = await run([...quick, ...args], {
    out: { write: (text) => (out += text) },
    err: {
      write: (text) => {
        err += text;
        complained();
      },
    },
    environment: {},
    signal,
  });
  return { status, out, err };
}

test('--until ends the run by itself; --json has a line per event and no texts', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1', text: 'code 123456' }, { message_id: 'msg_2' });
  const { status, out } = await runWith(['--url', gateway.url, '--until', '2', '--json']);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; message_id?: string });
  expect(status).toBe(0);
  expect(lines.filter(({ message_id }) => message_id === 'msg_1').map(({ event }) => event)).toEqual([
    'leased',
    'sending',
    'sent',
    'delivered',
    'ended',
  ]);
  expect(out).not.toContain('123456');
});

test('being asked to end is a clean end, with the numbers as the last line', async () => {
  const gateway = await scene.gateway();
  const asked = new AbortController();
  const running = runWith(['--url', gateway.url, '--phones', '3'], asked.signal);
  await eventually(() => gateway.polls >= 3);
  asked.abort();
  const { status, out } = await running;
  expect(status).toBe(0);
  expect(out.trim().split('\n').at(-1)).toMatch(/^online 0 {2}leased 0 {2}sent 0 .* waiting 0 /);
  expect(gateway.heartbeats.filter(({ status: told }) => told === 'offline')).toHaveLength(3);
});

test.each(['/agent/register', '/agent/jobs/next'])('a 401 of %s is status 1', async (refused) => {
  const gateway = await scene.gateway();
  gateway.instead = (path) => (path === refused ? { status: 401, body: { message: 'Go away.' } } : undefined);
  const { status, err } = await runWith(['--url', gateway.url, '--quiet']);
  expect(status).toBe(1);
  expect(err).toContain('Go away.');
});

test('being asked to end while the gateway is away is a clean end', async () => {
  const asked = new AbortController();
  const end = () => asked.abort();
  const { status, err } = await runWith(['--url', 'http://127.0.0.1:1', '--quiet'], asked.signal, end);
  expect(status).toBe(0);
  expect(err).toContain("can't be reached");
});
