import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MessageDoc } from '../../src/messages/message.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { must } from '../support/people.js';
import { isoIn } from '../support/sending.js';
import { Telling } from '../support/telling.js';

const MANY = 10_000;
/** Far more than a machine in use takes, and far less than 10,000 in one go would. */
const PATIENCE_MILLIS = 5000;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.stop());

it('tells 10,000 subscribers in the same second, each once, while /health answers', async () => {
  const telling = new Telling(gateway, await tenantOf(gateway));
  Object.assign(
    telling.accounts.accounts.find(({ name }) => name === 'by-push')!,
    { perSecond: MANY, concurrency: 100 },
  );
  const admin = await gateway.admin();
  must(201, await admin.post('/topics', { name: 'all' }));
  for (let from = 0; from < MANY; from += 5000) {
    const fids = Array.from({ length: 5000 }, (_, i) => `fid-${from + i}`);
    must(200, await admin.post('/topics/all/subscribers', { fids }));
  }
  const body = { to: { topic: 'all' }, text: 'at the same time', send_at: isoIn(gateway, 60) };
  const { notification_id } = must(201, await admin.post('/notifications', body));
  gateway.clock.advance(61);
  const done = new AbortController();
  const health = (async () => {
    let longest = 0;
    while (!done.signal.aborted) {
      const began = performance.now();
      must(200, await gateway.api.get('/health/live'));
      longest = Math.max(longest, performance.now() - began);
      await sleep(20);
    }
    return longest;
  })();
  try {
    await gateway.get(NotificationsWorker).run();
    const outcomes = async () => must(200, await admin.get(`/notifications/${notification_id}`)).outcomes;
    const end = Date.now() + 400_000;
    while ((await outcomes()).sent !== MANY && Date.now() < end) await telling.turn();
    expect(await outcomes()).toEqual({ sent: MANY });
  } finally {
    done.abort();
  }
  expect(await health).toBeLessThan(PATIENCE_MILLIS);
  const targets = telling.carriers.push.sent.map(({ to }) => to);
  expect([targets.length, new Set(targets).size]).toEqual([MANY, MANY]);
  expect(await gateway.store.collection<MessageDoc>('sms_messages').count({})).toBe(MANY);
}, 480_000);
