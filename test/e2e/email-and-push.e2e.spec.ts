import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecipientEvents, type RecipientEvent } from '../../src/carriers/recipient-events.js';
import { idMaker } from '../../src/common/ids.js';
import type { TenantId } from '../../src/common/tenant-id.js';
import { DispatchersWorker } from '../../src/dispatch/dispatchers.worker.js';
import type { MessageDoc } from '../../src/messages/message.js';
import { OwnTexts, type OwnText } from '../../src/messages/own-texts.js';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { FakeFcm, fcmError } from '../fakes/fcm.js';
import { MailServer } from '../fakes/mail-server.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { must } from '../support/people.js';
import { readMail } from '../support/read-mail.js';
import { waitFor } from '../support/wait-for.js';

describe('e-mails and pushes', () => {
  let mails: MailServer;
  let fcm: FakeFcm;
  let gateway: TestGateway;
  let admin: Api;
  let tenant: TenantId;
  let told: RecipientEvent[];
  let sent = 0;

  async function begin(): Promise<void> {
    gateway.get(RecipientEvents).register((event) => Promise.resolve(void told.push(event)));
    await gateway.get(DispatchersWorker).run();
  }
  const nextId = idMaker('req', () => gateway.clock.now());
  const send = (more: Partial<OwnText>) =>
    gateway.get(OwnTexts).send({
      tenant,
      because: { id: nextId(), purpose: 'test' },
      to: 'lan@example.com',
      text: `Hello ${++sent}`,
      route: 'carrier:smtp',
      ttlSeconds: 86_400,
      ...more,
    });
  const sendMail = (more: Partial<OwnText> = {}) => send({ channel: 'email', subject: 'Đơn hàng', ...more });
  const sendPush = (to = 'token:device-1') => send({ channel: 'push', route: 'carrier:fcm', to, subject: 'Đơn hàng' });
  const show = async (id: string) => must(200, await admin.get(`/messages/${id}`));
  const becomes = (id: string, fields: Record<string, unknown>) =>
    waitFor(async () => {
      const message = await show(id);
      expect(message).toMatchObject(fields);
      return message;
    });
  const waits = (id: string, code: string) =>
    waitFor(async () => {
      const messages = gateway.store.collection<MessageDoc>('sms_messages');
      expect(await messages.findOne({ _id: id })).toMatchObject({ waiting: { code } });
    });
  async function pass(seconds: number): Promise<void> {
    gateway.clock.advance(seconds);
    await gateway.get(QueueWorker).run();
    await gateway.get(DispatchersWorker).run();
  }

  beforeAll(async () => {
    [mails, fcm] = await Promise.all([new MailServer().start(), new FakeFcm().start()]);
    gateway = await TestGateway.start({
      SMTP_URL: mails.url(),
      MAIL_FROM: 'Tiệm Hoa <shop@example.com>',
      FIREBASE_PROJECT_ID: fcm.projectId,
      FIREBASE_SERVICE_ACCOUNT: fcm.serviceAccount(),
      FIREBASE_BASE_URL: fcm.url,
    });
    admin = await gateway.admin();
    tenant = await gateway.get(TenantsService).idOf('default');
    told = [];
    await begin();
  });
  beforeEach(() => {
    told.length = 0;
    mails.taken.length = 0;
    fcm.taken.length = 0;
    fcm.calls.length = 0;
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([mails.stop(), fcm.stop()]);
  });

  it('are SENT once they were taken, without segments, and known by their ids', async () => {
    const unsubscribeUrl = 'https://sms.example.com/u/1';
    const [mail, push] = [await sendMail({ unsubscribeUrl }), await sendPush()];
    const mailed = await becomes(mail, { status: 'SENT', channel: 'email', subject: 'Đơn hàng' });
    const pushed = await becomes(push, { status: 'SENT', channel: 'push', to: 'token:device-1' });
    for (const message of [mailed, pushed]) expect(message).not.toHaveProperty('segments');
    const { headers, text } = readMail(mails.taken[0]!.source);
    expect(text).toBe(mailed.text);
    expect(headers).toMatchObject({ subject: 'Đơn hàng', 'list-unsubscribe': `<${unsubscribeUrl}>` });
    expect(headers['message-id']).toMatch(new RegExp(`^<${mail}\\.lea_\\w+@example\\.com>$`));
    const messages = gateway.store.collection<MessageDoc>('sms_messages');
    expect(await messages.findOne({ _id: mail })).toMatchObject({ carrier: { ref: headers['message-id'] } });
    expect(await messages.findOne({ _id: push })).toMatchObject({ carrier: { ref: fcm.taken[0]!.ref } });
    expect(fcm.taken[0]!.message).toMatchObject({ token: 'device-1', notification: { title: 'Đơn hàng' } });
  });

  it('that were refused are FAILED with the code, and whose address is dead is told', async () => {
    mails.next({ at: 'recipient', answer: '550 5.1.1 No such user here' });
    const mail = await sendMail({ to: 'gone@example.com' });
    await becomes(mail, { status: 'FAILED', last_error: '5.1.1' });
    fcm.gone.add('device-2');
    const push = await sendPush('token:device-2');
    await becomes(push, { status: 'FAILED', last_error: 'UNREGISTERED' });
    const malformed = await sendPush('token:malformed');
    await becomes(malformed, { status: 'FAILED', last_error: 'INVALID_ARGUMENT' });
    const now = gateway.clock.now();
    const dead = { tenant, kind: 'dead_address', at: now, sent_at: now };
    await waitFor(() => expect(told).toHaveLength(3));
    expect(told).toMatchObject([
      { ...dead, channel: 'email', address: 'gone@example.com', carrier: 'smtp', code: '5.1.1' },
      { ...dead, channel: 'push', address: 'token:device-2', carrier: 'fcm', code: 'UNREGISTERED' },
      { ...dead, channel: 'push', address: 'token:malformed', carrier: 'fcm', code: 'INVALID_ARGUMENT' },
    ]);
    mails.next({ at: 'end', answer: '554 5.7.1 Looks like spam' });
    await becomes(await sendMail(), { status: 'FAILED', last_error: '5.7.1' });
    fcm.next({ reply: fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT') });
    await becomes(await sendPush(), { status: 'FAILED', last_error: 'INVALID_ARGUMENT' });
    expect(told).toHaveLength(3);
  });

  it('that were put off go again when their time has come', async () => {
    mails.next({ at: 'recipient', answer: '450 4.7.1 Greylisted, come back later' });
    const mail = await sendMail();
    await waits(mail, '4.7.1');
    fcm.next({ reply: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE', undefined, { 'retry-after': '120' }) });
    const push = await sendPush();
    await waits(push, 'UNAVAILABLE');
    await pass(119);
    expect([mails.taken.length, fcm.taken.length]).toEqual([0, 0]);
    await pass(1);
    await becomes(push, { status: 'SENT' });
    await pass(180);
    await becomes(mail, { status: 'SENT' });
    expect([mails.taken.length, fcm.taken.length]).toEqual([1, 1]);
  });

  it('of which nobody knows whether they went out are never sent again', async () => {
    mails.next({ at: 'end' });
    const mail = await sendMail();
    await becomes(mail, { status: 'SENDING' });
    fcm.next({ takes: true, cut: 'after' });
    const push = await sendPush();
    await becomes(push, { status: 'SENDING' });
    await pass(3600);
    const again = [await sendMail(), await sendPush()];
    for (const id of again) await becomes(id, { status: 'SENT' });
    expect([mails.taken.length, fcm.taken.length]).toEqual([2, 2]);
    for (const id of [mail, push]) expect(await show(id)).toMatchObject({ status: 'SENDING', attempts: 1 });
  });

  it('that are scheduled outlive a restart, and go once', async () => {
    const scheduleAt = new Date(gateway.clock.now().getTime() + 3_600_000);
    const mail = await sendMail({ scheduleAt });
    await gateway.restart();
    await begin();
    admin = await gateway.admin();
    await pass(3599);
    expect(mails.taken).toHaveLength(0);
    await pass(1);
    await becomes(mail, { status: 'SENT' });
    expect(mails.taken).toHaveLength(1);
  });
});
