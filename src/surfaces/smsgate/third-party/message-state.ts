import type { MessageStatus } from '../../../domain/message-status.js';
import type { ShownMessage } from '../../../messages/message.js';

/** As the client names them. It knows nothing of cancelling; `error` tells it apart. */
export const STATES = ['Pending', 'Processed', 'Sent', 'Delivered', 'Failed'] as const;
export type State = (typeof STATES)[number];

const OF_STATUS: Record<MessageStatus, State> = {
  PENDING: 'Pending',
  ASSIGNED: 'Pending',
  SENDING: 'Processed',
  SENT: 'Sent',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
  CANCELED: 'Failed',
};

/** One message of that API is one of ours for each of its recipients. */
export function showState(id: string, messages: readonly ShownMessage[]) {
  const recipients = messages.map(({ to, status, last_error }) => ({
    phoneNumber: to,
    state: OF_STATUS[status],
    error: last_error,
  }));
  const first = messages[0];
  return {
    id,
    deviceId: first?.agent_id ?? '',
    state: overall(recipients.map(({ state }) => state)),
    isHashed: false,
    isEncrypted: false,
    recipients,
    states: first ? timesOf(first) : {},
  };
}

/** As far as the slowest has come; failed only when all have. */
function overall(states: readonly State[]): State {
  return STATES.find((state) => states.includes(state)) ?? 'Pending';
}

function timesOf({ created_at, sent_at, delivered_at, failed_at }: ShownMessage): Record<string, Date> {
  const times = { Pending: created_at, Sent: sent_at, Delivered: delivered_at, Failed: failed_at };
  return Object.fromEntries(Object.entries(times).filter((entry): entry is [string, Date] => entry[1] !== null));
}
