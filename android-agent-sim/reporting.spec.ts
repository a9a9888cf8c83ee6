import { afterEach, expect, test } from '@jest/globals';
import type { Report } from './protocol-types.js';
import type { Timers } from './timers.js';
import { eventually, hurried, namesOf, Scene } from './testing/quick-phones.js';

const scene = new Scene();
afterEach(() => scene.end());

const tells = (path: string, body: unknown, status: string) =>
  path === '/agent/messages/report' &&
  (body as { messages: Report[] }).messages.some((report) => report.status === status);

test('a report is repeated after a 503 until it is taken, and what came later waits behind it', async () => {
  const gateway = await scene.gateway();
  let down = 1;
  gateway.instead = (path, body) => (tells(path, body, 'SENT') && down-- > 0 ? { status: 503 } : undefined);
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, {}, hurried);
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('delivered'));
  await eventually(() => fleet.log.some(({ name }) => name === 'error'));
  expect(fleet.waitingReports).toBe(2);
  await fleet.until(1);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENT', 'DELIVERED']);
  expect(fleet.waitingReports).toBe(0);
});

test('Retry-After of a 429 is respected', async () => {
  const gateway = await scene.gateway();
  const tried: number[] = [];
  gateway.instead = (path, body) => {
    if (!tells(path, body, 'FAILED')) return undefined;
    tried.push(Date.now());
    return tried.length === 1 ? { status: 429, headers: { 'retry-after': '3' } } : undefined;
  };
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { failure: 1 }, hurried);
  await fleet.until(1);
  expect((tried[1] as number) - (tried[0] as number)).toBeGreaterThanOrEqual(290);
  expect(gateway.reports.at(-1)).toMatchObject({
    status: 'FAILED',
    error: { code: expect.stringMatching(/^RESULT_/) },
  });
});

test('a report the server cannot stand is dropped and does not keep back the others', async () => {
  const gateway = await scene.gateway();
  gateway.instead = (path, body) => {
    if (!tells(path, body, 'SENT')) return undefined;
    return (body as { messages: Report[] }).messages.some(({ message_id }) => message_id === 'msg_2')
      ? { status: 400, body: { message: 'No.' } }
      : undefined;
  };
  gateway.put({ message_id: 'msg_1' }, { message_id: 'msg_2' }, { message_id: 'msg_3' });
  const fleet = await scene.phones(gateway, { delivery: 0 });
  await fleet.until(2);
  expect(gateway.statusOf('msg_1')).toBe('SENT');
  expect(gateway.statusOf('msg_3')).toBe('SENT');
  await eventually(() => fleet.waitingReports === 0);
  expect(fleet.log).toContainEqual({ name: 'error', messageId: 'msg_2', detail: expect.stringContaining('No.') });
});

test('an invalid report or text is told of once, and never sent again', async () => {
  const gateway = await scene.gateway();
  let uploads = 0;
  gateway.instead = (path, body) => {
    const invalid = { result: 'invalid', status: null, reason: 'from: must not be empty' };
    if (path === '/agent/messages/inbound') {
      uploads++;
      return { status: 200, body: { stored: 0, results: [invalid] } };
    }
    if (!tells(path, body, 'SENT')) return undefined;
    const results = (body as { messages: Report[] }).messages.map(({ message_id }) => ({ ...invalid, message_id }));
    return { status: 200, body: { updated: 0, results } };
  };
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { inbound: 1 });
  await fleet.until(1);
  await eventually(() => fleet.log.some(({ name, detail }) => name === 'error' && detail?.includes('text is invalid')));
  expect(fleet.log).toContainEqual(
    expect.objectContaining({
      name: 'conflict',
      messageId: 'msg_1',
      detail: 'SENT is invalid: from: must not be empty',
    }),
  );
  expect({ uploads, waiting: fleet.waitingReports }).toEqual({ uploads: 1, waiting: 0 });
});

test('a rotated token ends the phone with a clear message', async () => {
  const gateway = await scene.gateway();
  gateway.instead = (path) => (path === '/agent/jobs/next' ? { status: 401 } : undefined);
  const fleet = await scene.phones(gateway);
  await fleet.closed;
  expect(fleet.failure?.message).toMatch(/^sim-1: the token is no longer valid/);
});

test('a refused registration rejects the start; a gateway that is down is tried again', async () => {
  const gateway = await scene.gateway();
  const answers = [{ status: 503 }, { status: 403, body: { message: 'Bad secret.' } }];
  gateway.instead = (path) => (path === '/agent/register' ? answers.shift() : undefined);
  await expect(scene.phones(gateway, {}, hurried)).rejects.toThrow(
    /^sim-1: the server refuses the registration: 403 Bad secret\.$/,
  );
  expect(answers).toEqual([]);
});

test('delivered texts are answered from their recipient, once, also when the gateway is away for a moment', async () => {
  const gateway = await scene.gateway();
  let lost = 1;
  gateway.instead = (path) => (path === '/agent/messages/inbound' && lost-- > 0 ? { status: 503 } : undefined);
  gateway.put({ message_id: 'msg_1', to: '+12025550123' });
  const fleet = await scene.phones(gateway, { inbound: 1, inboundText: 'STOP' }, hurried);
  await eventually(() => gateway.inbound.length > 0);
  await fleet.stop();
  expect(gateway.inbound).toEqual([
    {
      from: '+12025550123',
      to: gateway.registrations[0]?.sims?.[0]?.number,
      text: 'STOP',
      received_at: expect.any(String),
      sim_slot: 0,
      external_id: 'msg_1-reply',
    },
  ]);
});

test('stopping ends a waiting poll at once and still tells what the radio is at', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { wait: 30, latency: [200, 200] });
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('sending'));
  const asked = Date.now();
  await fleet.stop();
  expect(Date.now() - asked).toBeLessThan(1500);
  expect(gateway.statusOf('msg_1')).toBe('DELIVERED');
});

test('reports that could not be told before the end are counted, not forgotten', async () => {
  const gateway = await scene.gateway();
  gateway.instead = (path, body) => (tells(path, body, 'FAILED') ? { status: 503 } : undefined);
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { failure: 1 });
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('failed'));
  await fleet.stop({ graceMs: 50 });
  expect(fleet.waitingReports).toBe(1);
});

test('a gateway that is down is left alone for longer and longer', async () => {
  const gateway = await scene.gateway();
  let polls = 0;
  gateway.instead = (path) => (path === '/agent/jobs/next' && ++polls ? { status: 500 } : undefined);
  const waits: number[] = [];
  const sleep: Timers['sleep'] = (ms, signal) => {
    // The back-off of the polls; heartbeats wait far longer, batches of reports far less.
    if (ms >= 400 && ms < 20_000) waits.push(ms);
    return hurried.sleep(ms, signal);
  };
  await scene.phones(gateway, {}, { ...hurried, sleep });
  await eventually(() => polls >= 4);
  waits.slice(1, 3).forEach((wait, i) => expect(wait).toBeGreaterThan(waits[i]! * 1.3));
  expect(waits.length).toBeGreaterThanOrEqual(3);
});
