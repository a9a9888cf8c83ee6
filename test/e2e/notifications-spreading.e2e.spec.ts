import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../src/common/tenant-id.js';
import type { MessageDoc } from '../../src/messages/message.js';
import type { NotificationDoc, RecipientDoc } from '../../src/notifications/notification.js';
import { Notifications } from '../../src/notifications/notifications.js';
import { NotificationsRepository } from '../../src/notifications/notifications.repository.js';
import { NotificationsWorker } from '../../src/notifications/notifications.worker.js';
import { People } from '../../src/people/people.js';
import { TestGateway } from '../support/gateway.js';
import { tenantOf } from '../support/masked.js';
import { openShop } from '../support/shop.js';

/** Whoever begins to tell an audience may die over it. */
describe('a notification', () => {
  let gateway: TestGateway;
  let tenant: TenantId;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    await openShop(gateway);
    tenant = await tenantOf(gateway);
  });
  afterAll(() => gateway.stop());

  const messagesTo = (to: string) => gateway.store.collection<MessageDoc>('sms_messages').find({ to });
  const recipientsOf = (notification_id: string) =>
    gateway.store.collection<RecipientDoc>('notification_recipients').find({ notification_id });

  it('is one message to each of its audience, of whoever asked', async () => {
    const audience = [{ sms: '+84901234571' }, { sms: '+84901234572' }, { sms: '+84901234571' }];
    const order = { clientId: 'usr_1', title: 'Lịch hẹn', text: 'Mai lúc 9 giờ', audience };
    const { notification, messageIds } = await gateway.get(Notifications).tell(tenant, order);
    const [first, ...more] = await messagesTo('+84901234571');
    expect(more).toEqual([]);
    expect(first).toMatchObject({ text: 'Lịch hẹn\nMai lúc 9 giờ', client_id: 'usr_1', purpose: 'notification' });
    expect(new Set(messageIds)).toEqual(new Set([first!._id, (await messagesTo('+84901234572'))[0]!._id]));
    expect(await recipientsOf(notification._id)).toHaveLength(2);
  });

  it('that a gateway left is gone on with, page by page, and nobody is told twice', async () => {
    const numbers = Array.from({ length: 1200 }, (_, i) => `+849020${String(i).padStart(5, '0')}`);
    const audience = numbers.map((sms) => ({ sms }));
    const order = { clientId: 'usr_1', title: null, text: 'Xin chào', audience };
    const { notification } = await gateway.get(Notifications).tell(tenant, order);
    const store = gateway.store.collection<NotificationDoc>('notifications');
    await gateway.get(NotificationsWorker).run();
    expect(await recipientsOf(notification._id)).toHaveLength(1200);
    // As if it had died after the messages of the second page, and before it was noted how far it was.
    const left = { audience, place: '500', due_at: gateway.clock.now() };
    await store.updateOne({ _id: notification._id }, { $set: left });
    await gateway.get(NotificationsWorker).run();
    expect(await recipientsOf(notification._id)).toHaveLength(1200);
    expect(await messagesTo(numbers[700]!)).toHaveLength(1);
    const [through] = await store.find({ _id: notification._id });
    expect([through!.due_at, through!.audience]).toEqual([undefined, undefined]);
  });

  it('that was stored and no more is told by the worker', async () => {
    const repository = gateway.get(NotificationsRepository);
    const { notification } = await gateway
      .get(Notifications)
      .tell(tenant, { clientId: 'usr_1', title: null, text: 'Hi', audience: [] });
    const stored = {
      ...notification,
      _id: notification._id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      audience: [{ sms: '+84901234579' }],
    };
    await repository.insert({ ...stored, due_at: gateway.clock.now() });
    await gateway.get(NotificationsWorker).run();
    expect(await messagesTo('+84901234579')).toHaveLength(1);
  });

  it('goes to a person by preference, and is skipped without an address', async () => {
    const { _id: person } = await gateway.get(People).ofUser(tenant, 'usr_2', { email: null, phone: '+84901234578' });
    const tell = async (preference?: 'sms') => {
      const audience = [{ person, ...(preference ? { preference } : {}) }];
      const { notification } = await gateway
        .get(Notifications)
        .tell(tenant, { clientId: 'usr_1', title: null, text: 'Hi', audience });
      return (await recipientsOf(notification._id))[0]!;
    };
    expect(await tell()).toMatchObject({ outcome: 'skipped', reason: 'NO_ADDRESS', attempts: [] });
    expect(await tell('sms')).toMatchObject({ person_id: person, outcome: 'waiting', ways: ['sms'] });
    expect(await messagesTo('+84901234578')).toHaveLength(1);
  });
});
