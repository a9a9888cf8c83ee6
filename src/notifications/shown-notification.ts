import type { MessageState } from '../messages/messages.repository.js';
import type { NotificationDoc, RecipientDoc } from './notification.js';
import { inLanguage } from './words.js';

export function showNotification(notification: NotificationDoc) {
  const { due_at, canceled_at, confirm, ways } = notification;
  return {
    notification_id: notification._id,
    client_id: notification.client_id,
    title: notification.title,
    text: notification.text,
    template_id: notification.template_id ?? null,
    topic: notification.topic ?? null,
    channels: ways,
    escalate_after_seconds: notification.escalate_after_seconds ?? null,
    confirm: confirm ?? false,
    critical: notification.critical,
    send_at: notification.send_at,
    client_reference: notification.client_reference ?? null,
    state: canceled_at ? ('canceled' as const) : due_at ? ('spreading' as const) : ('spread' as const),
    canceled_at: canceled_at ?? null,
    created_at: notification.created_at,
  };
}

export function showRecipient(recipient: RecipientDoc, states: ReadonlyMap<string, MessageState>) {
  return {
    recipient_id: recipient._id,
    person_id: recipient.person_id ?? null,
    channels: recipient.ways,
    channel: recipient.ways[recipient.step] ?? null,
    outcome: recipient.outcome,
    reason: recipient.reason,
    confirmed_at: recipient.confirmed_at ?? null,
    attempts: recipient.attempts.map(({ way, to, token_id, message_id }) => {
      const state = states.get(message_id);
      return {
        channel: way,
        to,
        ...(token_id ? { token_id } : {}),
        message_id,
        status: state?.status ?? null,
        last_error: state?.last_error ?? null,
        schedule_at: state?.schedule_at ?? null,
        sent_at: state?.sent_at ?? null,
        delivered_at: state?.delivered_at ?? null,
        failed_at: state?.failed_at ?? null,
      };
    }),
    created_at: recipient.created_at,
    updated_at: recipient.updated_at,
  };
}

/** As whoever was told reads it. */
export function showToldToMe(notification: NotificationDoc, recipient: RecipientDoc, language: string | null) {
  const { title, text } = inLanguage(notification, language);
  return {
    notification_id: notification._id,
    title,
    text,
    topic: notification.topic ?? null,
    outcome: recipient.outcome,
    reason: recipient.reason,
    confirmed_at: recipient.confirmed_at ?? null,
    created_at: notification.created_at,
  };
}
