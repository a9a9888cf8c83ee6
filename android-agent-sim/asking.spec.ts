import { afterEach, expect, test } from '@jest/globals';
import type { Report } from './protocol-types.js';
import { eventually, hurried, namesOf, Scene } from './testing/quick-phones.js';

const scene = new Scene();
afterEach(() => scene.end());

const isAsk = (path: string, body: unknown) =>
  path === '/agent/messages/report' && (body as { messages: Report[] }).messages[0]?.status === 'SENDING';

test('a message is leased, asked for, sent and delivered, and the server is told each step in order', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { secret: 's3cret-s3cret', tenant: 'acme', sims: 2 });
  await fleet.until(1);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENT', 'DELIVERED']);
  expect(namesOf(fleet.log, 'msg_1')).toEqual(['leased', 'sending', 'sent', 'delivered', 'ended']);
  expect(gateway.registrations[0]).toMatchObject({
    device_id: 'sim-1',
    registration_secret: 's3cret-s3cret',
    tenant: 'acme',
  });
  await fleet.stop();
  expect(gateway.heartbeats.map(({ status }) => status)).toEqual(['online', 'offline']);
});

test('the radio is not given a text while the answer to SENDING is out', async () => {
  const gateway = await scene.gateway();
  let refusing = true;
  gateway.instead = (path, body) => (refusing && isAsk(path, body) ? { status: 503 } : undefined);
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, {}, hurried);
  await eventually(() => fleet.log.some(({ name }) => name === 'error'));
  expect(namesOf(fleet.log, 'msg_1')).toEqual(['leased']);
  refusing = false;
  await fleet.until(1);
  expect(namesOf(fleet.log, 'msg_1')).toEqual(['leased', 'sending', 'sent', 'delivered', 'ended']);
});

test('a grant whose answer was lost is taken when the repeated question is answered as unchanged', async () => {
  const gateway = await scene.gateway();
  let lost = 1;
  gateway.afterwards = (path, body) => (isAsk(path, body) && lost-- > 0 ? { status: 502 } : undefined);
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, {}, hurried);
  await fleet.until(1);
  expect(gateway.reported('msg_1')).toEqual(['SENDING', 'SENDING', 'SENT', 'DELIVERED']);
  expect(namesOf(fleet.log, 'msg_1').filter((name) => name === 'sending')).toHaveLength(1);
});

test.each(['conflict', 'unknown', 'unchanged', 'invalid'])(
  'a first question answered as %s drops the message',
  async (result) => {
    const gateway = await scene.gateway();
    gateway.instead = (path, body) => {
      const report = isAsk(path, body) && (body as { messages: Report[] }).messages[0];
      if (!report || report.message_id !== 'msg_1') return undefined;
      return { status: 200, body: { updated: 0, results: [{ message_id: 'msg_1', result, status: 'SENDING' }] } };
    };
    gateway.ratePerMinute = 6000;
    gateway.put({ message_id: 'msg_1' });
    const fleet = await scene.phones(gateway, {}, hurried);
    await eventually(() => namesOf(fleet.log, 'msg_1').includes('conflict'));
    gateway.put({ message_id: 'msg_2' });
    await fleet.until(1);
    expect(namesOf(fleet.log, 'msg_1')).toEqual(['leased', 'conflict']);
    expect(gateway.reported('msg_1')).toEqual([]);
    expect(gateway.statusOf('msg_2')).toBe('DELIVERED');
  },
);

test('a lease that has run out is not started', async () => {
  const gateway = await scene.gateway();
  gateway.put(
    { message_id: 'msg_old', lease_expires_at: new Date(Date.now() - 1000).toISOString() },
    { message_id: 'msg_1' },
  );
  const fleet = await scene.phones(gateway);
  await fleet.until(1);
  expect(namesOf(fleet.log, 'msg_old')).toEqual(['leased', 'expired']);
  expect(gateway.reported('msg_old')).toEqual([]);
});

test('a HIGH message overtakes what the phone holds already', async () => {
  const gateway = await scene.gateway();
  gateway.put(...['msg_1', 'msg_2', 'msg_3', 'msg_4'].map((message_id) => ({ message_id, priority: 'NORMAL' })));
  const fleet = await scene.phones(gateway, { latency: [150, 150], delivery: 0 });
  await eventually(() => namesOf(fleet.log, 'msg_1').includes('sending'));
  gateway.put({ message_id: 'msg_code', priority: 'HIGH' });
  await fleet.until(5);
  const order = fleet.log.filter(({ name }) => name === 'sending').map(({ messageId }) => messageId);
  expect(order).toEqual(['msg_1', 'msg_code', 'msg_2', 'msg_3', 'msg_4']);
});

test('a dishonest phone sends without asking', async () => {
  const gateway = await scene.gateway();
  gateway.put({ message_id: 'msg_1' });
  const fleet = await scene.phones(gateway, { dishonest: true });
  await fleet.until(1);
  expect(gateway.reported('msg_1')).toEqual(['SENT', 'DELIVERED']);
});

test('a phone keeps to the pace the server names', async () => {
  const gateway = await scene.gateway();
  gateway.ratePerMinute = 600;
  gateway.leaseSeconds = 1000;
  gateway.put(...Array.from({ length: 30 }, (_, i) => ({ message_id: `msg_${i}` })));
  const fleet = await scene.phones(gateway, { delivery: 0 });
  await fleet.until(1);
  const begun = Date.now();
  await fleet.until(5);
  expect(Date.now() - begun).toBeGreaterThan(300);
});

test('a phone counts segments, as the server does', async () => {
  const gateway = await scene.gateway();
  gateway.ratePerMinute = 600;
  gateway.leaseSeconds = 1000;
  gateway.put(...Array.from({ length: 9 }, (_, i) => ({ message_id: `msg_${i}`, segments: 4 })));
  const fleet = await scene.phones(gateway, { delivery: 0 });
  await fleet.until(1);
  const begun = Date.now();
  await fleet.until(3);
  expect(Date.now() - begun).toBeGreaterThan(500);
});
