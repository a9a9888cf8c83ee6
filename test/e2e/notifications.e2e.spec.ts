import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationDoc } from '../../src/notifications/notification.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { addPerson, must } from '../support/people.js';
import { isoIn } from '../support/sending.js';
import { createKey } from '../support/shop.js';
import { Telling } from '../support/telling.js';

const PUBLIC_URL = 'https://sms.example.com/sms';

describe('POST /notifications', () => {
  let gateway: TestGateway;
  let telling: Telling;
  let admin: Api;
  let client: Api;
  beforeAll(async () => {
    gateway = await TestGateway.start({ PUBLIC_URL, JWT_ACCESS_MINUTES: '1000000' });
    telling = new Telling(gateway, await tenantOf(gateway));
    admin = await gateway.admin();
    client = gateway.api.withKey((await createKey(admin, ['notify:send'])).plain_key);
  });
  afterAll(() => gateway.stop());

  const post = (body: object, api = client) => api.post('/notifications', body);
  const create = async (body: object, api = client) => must(201, await post(body, api));
  const get = async (id: string) => must(200, await client.get(`/notifications/${id}`));

  it('tells addresses and people, and shows what became of each', async () => {
    const person = await telling.person({ preference: 'sms' });
    const body = await create({
      to: [{ phone: '0901234571' }, { email: 'an@example.com' }, { token: 'device-1' }, { person_id: person._id }],
      title: 'Lịch hẹn',
      text: 'Mai lúc 9 giờ',
      client_reference: 'order-1',
    });
    expect(body).toMatchObject({
      state: 'spread',
      outcomes: { waiting: 4 },
      channels: null,
      client_reference: 'order-1',
    });
    await telling.turn();
    const seen = async () => (await get(body.notification_id)).outcomes;
    for (let i = 0; i < 50 && (await seen()).sent !== 2; i++) await telling.turn();
    expect(await seen()).toEqual({ sent: 2, waiting: 2 });
    const path = `/notifications/${body.notification_id}/recipients`;
    const sent = must(200, await client.get(`${path}?outcome=sent`)).items;
    expect(new Set(sent.map((one: any) => one.attempts[0].to))).toEqual(new Set(['an@example.com', 'token:device-1']));
    expect(sent[0].attempts[0]).toMatchObject({ status: 'SENT', last_error: null, sent_at: expect.any(String) });
    const first = must(200, await client.get(`${path}?limit=3`));
    const rest = must(200, await client.get(`${path}?limit=3&cursor=${first.next}`));
    expect([first.count, rest.count]).toEqual([3, 1]);
    const ofPerson = [...first.items, ...rest.items].find(({ person_id }: any) => person_id === person._id);
    expect(ofPerson).toMatchObject({ channel: 'sms', attempts: [{ to: person.phone }] });
  });

  it('is told once under one Idempotency-Key', async () => {
    const keyed = client.as({ 'idempotency-key': 'once' });
    const body = { to: { phone: '+84901234572' }, text: 'once' };
    const answers = await Promise.all([post(body, keyed), post(body, keyed), post(body, keyed)]);
    expect(new Set(answers.map((answer) => must(201, answer).notification_id)).size).toBe(1);
    expectError(await post({ ...body, text: 'other' }, keyed), 409, 'idempotency_key_reused');
    gateway.clock.advance(86_401);
    expect((await create(body, keyed)).notification_id).not.toBe(answers[0]!.body.notification_id);
  });

  it('refuses what is wrong, and names it', async () => {
    const to = { phone: '+84901234573' };
    expectError(
      await post({ to: [to, { email: 'nobody' }, {}], text: 'x' }),
      400,
      'invalid_request',
      'to.1.email',
      'to.2',
    );
    expectError(await post({ to: { ...to, email: 'an@example.com' }, text: 'x' }), 400, 'invalid_request', 'to');
    expectError(
      await post({ to: [to, { person_id: 'per_nobody' }], text: 'x' }),
      404,
      'person_not_found',
      'to.1.person_id',
    );
    expectError(await post({ to: { topic: 'nowhere' }, text: 'x' }), 404, 'topic_not_found');
    expectError(await post({ to }), 400, 'invalid_request', 'text');
    expectError(await post({ to, text: 'x', send_at: 'tomorrow' }), 400, 'invalid_request', 'send_at');
    expectError(await post({ to, text: 'x', channels: ['sms'], ways: ['sms'] }), 400, 'invalid_request', 'ways');
    expectError(await post({ to, text: 'x', channels: ['sms', 'sms'] }), 400, 'invalid_request', 'channels');
    expectError(
      await post({ to, text: 'x', escalate_after_seconds: 9 }),
      400,
      'invalid_request',
      'escalate_after_seconds',
    );
    expectError(await post({ to, text: 'x'.repeat(1601) }), 400, 'text_too_long', 'text');
  });

  it('goes abroad, whatever the tenant wants of requests', async () => {
    must(200, await admin.put('/admin/settings', { block_international: true }));
    const { outcomes } = await create({ to: { phone: '+12015550123' }, text: 'abroad' });
    expect(outcomes).toEqual({ waiting: 1 });
    await telling.turn();
    expect(telling.told('sms', 'abroad')).toBe(1);
    must(200, await admin.put('/admin/settings', { block_international: null }));
  });

  it('shows a key its own alone, and a user the tenant’s', async () => {
    const other = gateway.api.withKey((await createKey(admin, ['notify:send'])).plain_key);
    const { notification_id } = await create({ to: { phone: '+84901234574' }, text: 'mine' }, other);
    expectError(await client.get(`/notifications/${notification_id}`), 403, 'forbidden');
    const listed = async (api: Api) =>
      must(200, await api.get('/notifications')).items.map((one: any) => one.notification_id);
    expect(await listed(other)).toEqual([notification_id]);
    expect(await listed(client)).not.toContain(notification_id);
    expect((await listed(admin))[0]).toBe(notification_id);
  });

  it('lets a member see what they were told', async () => {
    const member = await addPerson(gateway, admin, 'member');
    const { _id } = await telling.personOf(member.id, { email: 'member@example.com' });
    await create({ to: { person_id: _id }, title: 'Hi', text: 'for you' });
    const mine = must(200, await member.api.get('/notifications/mine'));
    expect(mine.items).toMatchObject([{ title: 'Hi', text: 'for you', topic: null }]);
    expectError(await member.api.get('/notifications'), 403, 'forbidden');
  });

  describe('that waits for its time', () => {
    it('goes then, also when the time was given as sendtime with an offset', async () => {
      const at = isoIn(gateway, 3600).replace('Z', '+00:00');
      const body = await create({ to: { email: 'later@example.com' }, text: 'in an hour', sendtime: at });
      await telling.turn();
      expect(telling.told('email', 'in an hour')).toBe(0);
      await telling.pass(3601);
      await telling.becomes(body.notification_id, { outcome: 'sent' });
      expect(body.send_at).toBe(isoIn(gateway, -1));
    });

    it('goes at once when the time is over', async () => {
      const body = await create({ to: { email: 'late@example.com' }, text: 'too late', send_at: isoIn(gateway, -5) });
      expect(body.send_at).toBeNull();
      await telling.becomes(body.notification_id, { outcome: 'sent' });
    });

    it('is canceled, and can’t be afterwards', async () => {
      const body = { to: [{ email: 'a@example.com' }, { phone: '+84901234575' }], text: 'never' };
      const { notification_id } = await create({ ...body, send_at: isoIn(gateway, 60) });
      const canceled = must(200, await client.post(`/notifications/${notification_id}/cancel`));
      expect(canceled.outcomes).toEqual({ canceled: 2 });
      await telling.pass(3600);
      expect([telling.told('email', 'never'), telling.told('sms', 'never')]).toEqual([0, 0]);
      expect(await get(notification_id)).toMatchObject({ state: 'canceled', canceled_at: expect.any(String) });
      expectError(await client.post(`/notifications/${notification_id}/cancel`), 409, 'not_cancelable');
    });

    it('isn’t canceled once it was sent: the answer says what left', async () => {
      const { notification_id } = await create({ to: { email: 'gone@example.com' }, text: 'gone' });
      await telling.becomes(notification_id, { outcome: 'sent' });
      const refused = await client.post(`/notifications/${notification_id}/cancel`);
      expectError(refused, 409, 'not_cancelable', 'sent');
    });

    it('leaves nothing behind when it is canceled while its audience is gone through, or a gateway dies over it', async () => {
      const numbers = Array.from({ length: 700 }, (_, i) => ({ phone: `+849021${String(i).padStart(5, '0')}` }));
      const { notification_id } = await create({ to: numbers, text: 'half', send_at: isoIn(gateway, 60) });
      const store = gateway.store.collection<NotificationDoc>('notifications');
      await store.updateOne({ _id: notification_id }, { $set: { due_at: gateway.clock.now() } });
      const spreading = gateway.get(NotificationsWorker).run();
      const canceled = await client.post(`/notifications/${notification_id}/cancel`);
      await spreading;
      expect(canceled.status).toBe(200);
      // As if the one who canceled it had died over it.
      await store.updateOne({ _id: notification_id }, { $set: { due_at: gateway.clock.now() } });
      await gateway.get(NotificationsWorker).run();
      const recipients = await telling.recipients(notification_id);
      const ids = recipients.flatMap(({ attempts }) => attempts.map(({ message_id }) => message_id));
      const statuses = new Set((await telling.messages(ids)).map(({ status }) => status));
      expect([...statuses].filter((status) => status !== 'CANCELED')).toEqual([]);
      expect(recipients.filter(({ outcome }) => outcome !== 'canceled')).toEqual([]);
      expect((await store.findOne({ _id: notification_id }))!.due_at).toBeUndefined();
    });
  });

  describe('that is to be confirmed', () => {
    const linkIn = (text: string) => /https:\/\/\S+$/.exec(text)![0].slice(PUBLIC_URL.length);

    it('is confirmed by the button of a page, once, and tells nobody by the next way then', async () => {
      const person = await telling.person();
      const order = { to: { person_id: person._id }, text: 'read me', channels: ['email', 'sms'], confirm: true };
      const { notification_id } = await create({ ...order, escalate_after_seconds: 60 });
      await telling.becomes(notification_id, { outcome: 'sent' });
      const link = linkIn(telling.carriers.email.sent.findLast(({ text }) => text.startsWith('read me'))!.text);
      const page = await gateway.api.as({ 'accept-language': 'vi', accept: 'text/html' }).get(link);
      expect(page.body).toContain('<button type="submit">Xác nhận</button>');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await telling.recipients(notification_id)).toMatchObject([{ outcome: 'sent' }]);
      const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
      const thanks = await gateway.api.as(form).call('POST', link, '');
      expect([thanks.status, /Thank you/.test(thanks.body)]).toEqual([200, true]);
      const again = must(200, await gateway.api.post(link, {}));
      gateway.clock.advance(5);
      expect(must(200, await gateway.api.post(link))).toEqual(again);
      await telling.pass(3600);
      expect(telling.told('sms', 'read me')).toBe(0);
      expect(await telling.recipients(notification_id)).toMatchObject([
        { outcome: 'confirmed', confirmed_at: new Date(again.confirmed_at) },
      ]);
    });

    it('takes back the next way when that waits still', async () => {
      const person = await telling.person();
      const order = { to: { person_id: person._id }, text: 'just in time', channels: ['email', 'sms'], confirm: true };
      const { notification_id } = await create({ ...order, escalate_after_seconds: 60 });
      await telling.becomes(notification_id, { outcome: 'sent' });
      const link = linkIn(telling.carriers.email.sent.findLast(({ text }) => text.startsWith('just in'))!.text);
      telling.takeAway('sms');
      telling.hold('sms');
      gateway.clock.advance(61);
      await telling.becomes(notification_id, { step: 1 });
      must(200, await gateway.api.post(link));
      const [recipient] = await telling.recipients(notification_id);
      const [message] = await telling.messages([recipient!.attempts[1]!.message_id]);
      expect([recipient!.outcome, message!.status]).toEqual(['confirmed', 'CANCELED']);
    });

    it('knows its own links alone', async () => {
      for (const token of ['x', `${'0'.repeat(26)}.aaaaaaaaaaaaaaaaaaaaaa`, 'a.b.c'])
        expectError(await gateway.api.post(`/confirm/${token}`), 404, 'link_unknown');
      const opened = await fetch(`${gateway.url}/confirm/x`);
      expect([opened.status, opened.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(await opened.text()).toContain('This link is not known');
    });
  });

  it('needs the address of the gateway for links', async () => {
    const other = await TestGateway.start();
    const tenant = await tenantOf(other);
    expect(new Telling(other, tenant).tenant).toBe(tenant);
    const api = await other.admin();
    expectError(
      await api.post('/notifications', { to: { email: 'a@b.vn' }, text: 'x', confirm: true }),
      400,
      'invalid_request',
      'confirm',
    );
    await other.stop();
  });
});
