import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SendOutcome } from '../../src/carriers/carrier.js';
import type { NotificationDoc, RecipientDoc } from '../../src/notifications/notification.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import type { PushTokenDoc } from '../../src/people/push-token.js';
import type { Answer, Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { addPerson, must } from '../support/people.js';
import { createKey } from '../support/shop.js';
import { openTenantShop } from '../support/tenant-shop.js';
import { ThreeWays } from '../support/three-ways.js';
import { waitFor } from '../support/wait-for.js';

const SMS = { contact: '+201009129288', subject: 'SMS Subject', message: 'This is a message body' };
const PUSH = { title: 'Notification Title', body: 'This is a notification body' };
const TOKEN = 'dyimeAKczeP3UJ8ynvI1I2:APA91bHQFAK2d28Tyfg89zqWVrPynCCEXF9eNnRW705fFxEdDE4klEBs';
const REFUSED: SendOutcome = {
  kind: 'refused',
  fault: 'recipient',
  code: 'INVALID_ARGUMENT',
  reason: 'No such topic.',
};
const told = ({ status, body }: Answer) => [status, body];
const error = (status: number, message: string) => [status, { success: false, error: status, message }];

describe('SMS and pushes, as the source system sent them', () => {
  let ways: ThreeWays;
  let client: Api;
  beforeAll(async () => {
    ways = await ThreeWays.start();
    client = ways.client;
  });
  beforeEach(() => ways.gateway.clock.advance(60));
  afterAll(() => ways.stop());

  it('sends an SMS whose first line is the subject', async () => {
    const { message_id, ...rest } = must(200, await client.post('/smss', SMS));
    expect([typeof message_id, rest]).toEqual(['number', { success: true }]);
    await waitFor(() =>
      expect(ways.sms.sent.at(-1)).toMatchObject({
        channel: 'sms',
        to: '+201009129288',
        text: 'SMS Subject\nThis is a message body',
      }),
    );
    must(200, await client.post('/smss', { ...SMS, contact: '+84 90 123 45 67', subject: '' }));
    expect(await ways.messages({ to: '+84901234567' })).toMatchObject([{ text: 'This is a message body' }]);
  });

  it('numbers its messages and its notifications, each tenant’s from 1', async () => {
    const other = await openTenantShop(ways.gateway, 'other');
    const by = async (api: Api) => must(200, await api.post('/smss', SMS)).message_id as number;
    const first = await by(client);
    expect(await by(client)).toBe(first + 1);
    expect(await by(other.admin)).toBe(1);
    const pushed = async () => must(200, await client.post('/notifications/tokens', { tokens: TOKEN, ...PUSH }));
    const { notification_id } = await pushed();
    expect((await pushed()).notification_id).toBe(notification_id + 1);
  });

  it('keeps whom it sent to, once, with the messages to them', async () => {
    const contact = '+84901234599';
    for (let i = 0; i < 3; i++) {
      ways.gateway.clock.advance(1);
      must(200, await client.post('/smss', { ...SMS, contact }));
    }
    const { items } = must(200, await client.get('/clients?limit=1'));
    const messages = must(200, await client.get('/messages/all?to=%2B84901234599')).items;
    expect(messages).toHaveLength(3);
    expect(items).toMatchObject([{ contact, messages: 3, last_message_id: messages[0].message_id }]);
    const other = await openTenantShop(ways.gateway, 'another');
    expect(must(200, await other.admin.get('/clients')).items).toEqual([]);
    expect((await other.admin.delete(`/clients/${items[0].id}`)).status).toBe(404);
    must(200, await ways.admin.delete(`/clients/${items[0].id}`));
    expect(must(200, await ways.admin.get('/clients')).items).not.toContainEqual(expect.objectContaining({ contact }));
  });

  it('sends a push to each token once, and keeps which got what', async () => {
    const tokens = ['token:of-a', 'token:of-b', 'token:of-a'];
    must(200, await client.post('/notifications/tokens', { tokens, ...PUSH }));
    await waitFor(() => expect(ways.push.sent.filter(({ to }) => to.startsWith('token:token:of-'))).toHaveLength(2));
    expect(ways.push.sent.at(-1)).toMatchObject({ channel: 'push', subject: PUSH.title, text: PUSH.body });
    const again = must(200, await client.post('/notifications/tokens', { tokens: 'token:of-b', ...PUSH }));
    const [row] = await rows<PushTokenDoc>('push_tokens', { value: 'token:of-b' });
    const [notification] = await rows<NotificationDoc>('notifications', {
      'serial.series': 'notification',
      'serial.number': again.notification_id,
    });
    const recipients = await rows<RecipientDoc>('notification_recipients', { notification_id: notification!._id });
    expect(recipients.map(({ attempts }) => attempts[0]!.token_id)).toEqual([row!._id]);
  });

  it('sends a push to a topic, and says when Firebase refuses it', async () => {
    const topic = { topic: 'news', ...PUSH };
    expect(told(await client.post('/notifications/topic', topic))).toEqual([200, { success: true }]);
    expect(ways.push.sent.at(-1)).toMatchObject({ to: 'topic:news', subject: PUSH.title, text: PUSH.body });
    ways.push.next(REFUSED);
    expect(told(await client.post('/notifications/topic', topic))).toEqual([500, { success: false }]);
  });

  it('tells the subscribers of our own topic of that name as well, once Firebase has taken it', async () => {
    const topic = { topic: 'alerts', ...PUSH };
    must(201, await ways.admin.post('/topics', { name: 'alerts' }));
    must(200, await ways.admin.post('/topics/alerts/subscribers', { tokens: ['device-of-alerts'] }));
    ways.push.next(REFUSED);
    expect((await client.post('/notifications/topic', topic)).status).toBe(500);
    expect(must(200, await client.post('/notifications/topic', topic))).toEqual({ success: true });
    await ways.gateway.get(NotificationsWorker).run();
    const own = await rows<{ _id: string; to: string }>('sms_messages', { to: 'token:device-of-alerts' });
    expect(own).toHaveLength(1);
  });

  it('is told by the audit log, each notification once', async () => {
    const audited = async () =>
      must(200, await ways.admin.get('/admin/audit-logs?action=CREATE_NOTIFICATION&limit=500')).items;
    const before = (await audited()).length;
    must(200, await client.post('/smss', SMS));
    must(200, await client.post('/notifications/tokens', { tokens: TOKEN, ...PUSH }));
    must(200, await client.post('/notifications/topic', { topic: 'nobody-of-ours', ...PUSH }));
    const lines = (await audited()).slice(0, -before || undefined);
    const { items } = must(200, await client.get('/notifications?limit=3'));
    expect(lines.map(({ data }: { data: object }) => data)).toEqual(
      items.map(({ notification_id }: { notification_id: string }) => ({ notification_id })),
    );
  });

  it('answers under its earlier paths, and below a prefix', async () => {
    const topic = { topic: 'news', ...PUSH };
    for (const prefix of ['', '/sms']) {
      expect(must(200, await client.post(`${prefix}/smss`, SMS)).success).toBe(true);
      expect(must(200, await client.post(`${prefix}/send-sms`, SMS)).success).toBe(true);
      expect(must(200, await client.post(`${prefix}/send-notification`, { tokens: [TOKEN], ...PUSH })).success).toBe(
        true,
      );
      expect(must(200, await client.post(`${prefix}/notify-topic`, topic))).toEqual({ success: true });
    }
  });

  it('sends five SMS a minute for one caller, whatever they are, and no more', async () => {
    const limited = async () => ways.gateway.api.withKey((await createKey(ways.admin, ['notify:send'])).plain_key);
    const [caller, other] = [await limited(), await limited()];
    expect((await caller.post('/smss', SMS)).status).toBe(200);
    expect((await caller.post('/send-sms', SMS)).status).toBe(200);
    expect((await caller.post('/smss', {})).status).toBe(400);
    expect((await caller.post('/smss', '{"contact":')).status).toBe(400);
    expect((await caller.post('/smss', SMS)).status).toBe(200);
    for (const path of ['/smss', '/send-sms']) {
      const sixth = await caller.post(path, SMS);
      expect(told(sixth)).toEqual(error(429, 'Too Many Requests'));
      expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await other.post('/smss', SMS)).status).toBe(200);
    for (let i = 0; i < 6; i++) must(200, await caller.post('/notifications/topic', { topic: 'news', ...PUSH }));
    ways.gateway.clock.advance(60);
    expect((await caller.post('/smss', SMS)).status).toBe(200);
  });

  it.each([
    [undefined, 'Method cannot have empty JSON body'],
    ['null', 'Method cannot have empty JSON body'],
    [{}, 'Method cannot have empty JSON body'],
    [[], 'Method cannot have empty JSON body'],
    [['contact'], 'Passed JSON body format is incorrect'],
    [{ note: 1 }, 'Passed JSON body format is incorrect'],
  ])('says what it takes when it gets %j', async (body, message) => {
    for (const path of ['/notifications/tokens', '/notifications/topic', '/send-notification', '/notify-topic'])
      expect([path, ...told(await client.post(path, body))]).toEqual([path, ...error(400, message)]);
    expect(told(await client.post('/smss', body))).toEqual(error(400, message));
  });

  it.each([
    [{ subject: 'a', message: 'b' }, 'Passed JSON body format is incorrect'],
    [{ ...SMS, message: null }, 'Passed JSON body format is incorrect'],
    [{ ...SMS, message: ' ' }, 'Passed JSON body format is incorrect'],
    [{ ...SMS, contact: 201009129288 }, 'Passed JSON body format is incorrect'],
    [{ ...SMS, contact: '01009129288' }, 'Invalid contact: 01009129288'],
    [{ ...SMS, contact: '201009129288' }, 'Invalid contact: 201009129288'],
    [{ ...SMS, contact: '+201009129' }, 'Invalid contact: +201009129'],
    [{ ...SMS, contact: '+2010091292889' }, 'Invalid contact: +2010091292889'],
    [{ ...SMS, contact: '' }, 'Invalid contact: '],
    [{ ...SMS, message: 'x'.repeat(1600) }, 'Text exceeds MAX_TEXT_LENGTH: 1612 characters, 1600 at most'],
  ])('sends no SMS for %j', async (body, message) => {
    const before = (await ways.messages()).length;
    expect(told(await client.post('/smss', body))).toEqual(error(400, message));
    expect(await ways.messages()).toHaveLength(before);
  });

  it.each([
    [{ tokens: [], ...PUSH }, 'Tokens list cannot be empty / nulled list'],
    [{ tokens: null, ...PUSH }, 'Tokens list cannot be empty / nulled list'],
    [{ tokens: '', ...PUSH }, 'Tokens list cannot be empty / nulled list'],
    [{ tokens: [] }, 'Passed JSON body format is incorrect'],
    [{ tokens: [''], ...PUSH }, 'Passed JSON body format is incorrect'],
    [{ tokens: [1], ...PUSH }, 'Passed JSON body format is incorrect'],
    [{ tokens: 1, ...PUSH }, 'Passed JSON body format is incorrect'],
    [PUSH, 'Passed JSON body format is incorrect'],
  ])('sends no push for %j', async (body, message) => {
    expect(told(await client.post('/notifications/tokens', body))).toEqual(error(400, message));
  });

  it('calls HTTP’s own errors by their names', async () => {
    const viewer = await addPerson(ways.gateway, ways.admin, 'viewer');
    const operator = await addPerson(ways.gateway, ways.admin, 'operator');
    const stranger = ways.gateway.api.withKey((await createKey(ways.admin, ['sms:send'])).plain_key);
    expect(told(await client.patch('/notifications/tokens', {}))).toEqual(error(405, 'Method Not Allowed'));
    expect(told(await client.get('/smss'))).toEqual(error(405, 'Method Not Allowed'));
    expect(told(await ways.gateway.api.post('/smss', SMS))).toEqual(error(401, 'Unauthorized'));
    for (const api of [viewer.api, stranger])
      expect(told(await api.post('/smss', SMS))).toEqual(error(403, 'Forbidden'));
    expect(told(await operator.api.post('/smss', '{"contact":'))).toEqual(error(400, 'Bad Request'));
    const form = await operator.api.post('/smss', 'contact=1', { 'content-type': 'text/plain' });
    expect(told(form)).toEqual(error(415, 'Unsupported Media Type'));
    expect((await operator.api.post('/smss', SMS)).status).toBe(200);
  });

  const rows = <T extends { _id: string }>(collection: string, filter: object) =>
    ways.gateway.store.collection<T>(collection).find(filter as never);
});

describe('without a carrier for pushes', () => {
  it('says what to set up, and keeps nothing', async () => {
    const gateway = await TestGateway.start();
    const admin = await gateway.admin();
    // Nor one that only pretends to send.
    must(200, await admin.put('/admin/carriers/sandbox', { enabled: false }));
    const { status, body } = await admin.post('/notifications/topic', { topic: 'news', ...PUSH });
    expect([status, body.message]).toEqual([409, expect.stringContaining('PUT /admin/carriers/fcm')]);
    expect(await gateway.store.collection('notifications').count({})).toBe(0);
    await gateway.stop();
  });
});

describe('the switch for development', () => {
  it('lets anybody send, and nobody list', async () => {
    const ways = await ThreeWays.start({ OPEN_SURFACES: '1' });
    const anybody = ways.gateway.api;
    expect(must(200, await anybody.post('/smss', SMS))).toEqual({ success: true, message_id: 1 });
    expect((await anybody.get('/clients')).status).toBe(401);
    await ways.stop();
  });
});
