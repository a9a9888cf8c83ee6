import type { Collection, Store } from '../../../src/database/collection.js';
import type { MessageDoc } from '../../../src/messages/message.js';
import type { NotificationDoc, RecipientDoc } from '../../../src/notifications/notification.js';
import type { TokenNotificationDoc } from '../../../src/notifications/token-notifications.repository.js';

export interface Rows {
  notifications: NotificationDoc[];
  recipients: RecipientDoc[];
  messages: MessageDoc[];
  tokens: TokenNotificationDoc[];
}

export async function readRows(store: Store): Promise<Rows> {
  return {
    notifications: await all(store.collection<NotificationDoc>('notifications')),
    recipients: await all(store.collection<RecipientDoc>('notification_recipients')),
    messages: await all(store.collection<MessageDoc>('sms_messages')),
    tokens: await all(store.collection<TokenNotificationDoc>('token_notifications')),
  };
}

async function all<T extends { _id: string }>(collection: Collection<T>): Promise<T[]> {
  const rows: T[] = [];
  for await (const page of collection.pages({})) rows.push(...page);
  return rows;
}

/**
 * The time passes for which nobody wants to wait: a dead gateway's turns and its carriers' leases are over, everybody is looked at,
 * confirmations are late, and what nobody knows of a text is given up. Times at which something is to be sent stay as they are.
 */
export async function passTime(store: Store): Promise<void> {
  const past = new Date(Date.now() - 1000);
  const notifications = store.collection<NotificationDoc>('notifications');
  for (const send_at of [null, { $lte: past }])
    await notifications.updateMany({ due_at: { $exists: true }, send_at }, { $set: { due_at: past } });
  await notifications.updateMany({ escalate_after_seconds: { $gt: 1 } }, { $set: { escalate_after_seconds: 1 } });
  const recipients = store.collection<RecipientDoc>('notification_recipients');
  await recipients.updateMany({ look_at: { $exists: true } }, { $set: { look_at: past } });
  const messages = store.collection<MessageDoc>('sms_messages');
  for await (const page of messages.pages({ status: { $in: ['ASSIGNED', 'SENDING', 'FAILED'] } })) {
    const changes = page.flatMap(({ _id, status, route, lease, last_error }) => {
      const set = (fields: Record<string, Date>) => [{ filter: { _id }, update: { $set: fields } }];
      if (last_error === 'UNCONFIRMED') return set({ expires_at: past });
      if (status === 'FAILED' || !route.startsWith('carrier:')) return [];
      if (status === 'SENDING') return set({ fails_at: past, expires_at: past });
      return lease && !lease.ended_at ? set({ 'lease.expires_at': past, due_at: past }) : [];
    });
    await messages.updateEach(changes);
  }
}

/** What isn't at rest. */
export function unfinished({ notifications, recipients, messages }: Rows): string[] {
  return [
    ...notifications.filter(({ due_at }) => due_at).map(({ _id }) => `the audience of ${_id} is not gone through`),
    ...messages
      .filter(({ status }) => status === 'PENDING' || status === 'ASSIGNED' || status === 'SENDING')
      .map(({ _id, status, route }) => `${_id} by ${route} is ${status}`),
    ...recipients
      .filter(({ look_at, following }) => look_at || following)
      .map(({ _id, outcome }) => `more is to become of ${_id}, which is ${outcome}`),
  ];
}
