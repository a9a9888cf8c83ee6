import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationDoc } from '../../src/notifications/notification.js';
import type { Api } from '../support/api.js';
import { ThreeWays } from '../support/three-ways.js';

const VALID = '+201009129288';
const INVALID = '01009129288';
const SMS = { contact: VALID, subject: 'testSubject', message: 'test message body' };
const TOPIC = { topic: 'news', title: 'test topic title', body: 'test topic message body' };
const TOKENS = {
  tokens: [
    'dTWVMWRcwXARbMwcMBrz9V:APA91bHiaBYFTK_toYgFto3kNdlE9TaoJPPhEMSu1b0',
    'dyimeAKczeP3UJ8ynvI1I2:APA91bHQFAK2d28T',
  ],
  title: 'test notification title',
  body: 'test notification message body',
};

/** What the source system promised in its own tests. */
describe('the source system of /smss', () => {
  let ways: ThreeWays;
  let client: Api;
  beforeAll(async () => {
    ways = await ThreeWays.start();
    client = ways.client;
  });
  beforeEach(() => ways.gateway.clock.advance(60));
  afterAll(() => ways.stop());

  const lastOf = async (series: string) => {
    const all = await ways.gateway.store.collection<NotificationDoc>('notifications').find({ 'serial.series': series });
    return Math.max(...all.map(({ serial }) => serial!.number));
  };
  const expectRefused = async (path: string, body?: unknown) => {
    const answer = await client.post(path, body);
    expect([answer.status, answer.body.success]).toEqual([400, false]);
  };

  it('has a page at its root', async () => {
    const page = await fetch(`${ways.gateway.url}/`);
    expect(page.status).toBe(200);
  });

  it('sends an SMS and tells the number of its message', async () => {
    const { status, body } = await client.post('/smss', SMS);
    expect([status, body.success, body.message_id]).toEqual([200, true, await lastOf('message')]);
  });

  it('refuses an SMS without a contact', () => expectRefused('/smss', { subject: SMS.subject, message: SMS.message }));

  it('refuses the call after the fifth in a minute', async () => {
    const statuses: number[] = [];
    let last;
    for (let i = 0; i < 6; i++) statuses.push((last = await client.post('/smss', SMS)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(last!.body.success).toBe(false);
  });

  it('notifies a topic', async () => {
    const { status, body } = await client.post('/notifications/topic', TOPIC);
    expect([status, body.success]).toEqual([200, true]);
  });

  it('refuses a notification without its topic', () =>
    expectRefused('/notifications/topic', { title: TOPIC.title, body: TOPIC.body }));

  it('notifies tokens and tells the number of the notification', async () => {
    const { status, body } = await client.post('/notifications/tokens', TOKENS);
    expect([status, body.success, body.notification_id]).toEqual([200, true, await lastOf('notification')]);
  });

  it('refuses a notification without tokens', () =>
    expectRefused('/notifications/tokens', { title: TOKENS.title, body: TOKENS.body }));

  it('refuses a notification without a body', () => expectRefused('/notifications/tokens'));

  it('knows no PATCH', async () => {
    const { status, body } = await client.patch('/notifications/tokens');
    expect([status, body.success, body.message]).toEqual([405, false, 'Method Not Allowed']);
  });

  it('knows a contact from what is none', async () => {
    expect((await client.post('/smss', { ...SMS, contact: INVALID })).status).toBe(400);
    expect((await client.post('/smss', { ...SMS, contact: VALID })).status).toBe(200);
  });
});
