import type { Priority } from '../../domain/priority.js';
import type { MessageStatus } from '../../domain/message-status.js';
import { parseTimestamp } from '../../domain/time.js';
import type { Claimed } from '../../messages/candidate.js';
import type { StatusReport } from '../../messages/status-reports.js';
import { isObject, textOf } from '../json-values.js';
import { phoneSideId, readPhoneSideId } from '../phone-side-id.js';

/** Inside -128..127, and below 100, where the app would pass over its own limits. */
const PRIORITIES: Record<Priority, number> = { HIGH: 90, NORMAL: 0, LOW: -90 };

const STATUSES: Readonly<Record<string, MessageStatus>> = {
  Processed: 'SENDING',
  Sent: 'SENT',
  Delivered: 'DELIVERED',
  Failed: 'FAILED',
  Cancelled: 'CANCELED',
};

/** The app says so of a message whose `validUntil` was over: it wasn't sent, and under this id it never will be. */
const NOT_SENT = /^TTL expired/i;

/** A message as the app takes it: one recipient each, valid as long as the lease. */
export function showForPhone(message: Claimed) {
  const { text, to, lease, priority, created_at: createdAt, recall } = message;
  return {
    id: phoneSideId(message),
    // Older versions read the one, newer ones the other.
    message: text,
    textMessage: { text },
    phoneNumbers: [to],
    simNumber: typeof lease!.sim_slot === 'number' ? lease!.sim_slot + 1 : null,
    withDeliveryReport: true,
    isEncrypted: false,
    validUntil: lease!.expires_at,
    priority: PRIORITIES[priority],
    state: recall ? 'Cancelling' : 'Pending',
    createdAt,
  };
}

/**
 * What the app tells of a message, or null: it says nothing new (Pending), or isn't understood. Its times are ISO texts, in older versions
 * milliseconds.
 */
export function readReport(told: unknown): StatusReport | null {
  if (!isObject(told) || typeof told['id'] !== 'string') return null;
  const first: unknown = Array.isArray(told['recipients']) ? told['recipients'][0] : undefined;
  const recipient = isObject(first) ? first : {};
  const state = textOf(recipient['state']) ?? textOf(told['state']) ?? '';
  const status = Object.hasOwn(STATUSES, state) ? STATUSES[state]! : null;
  if (!status) return null;
  const error = textOf(recipient['error'])?.slice(0, 500);
  const states = isObject(told['states']) ? told['states'] : {};
  return {
    ...readPhoneSideId(told['id']),
    status,
    error: error ? { code: null, message: error } : null,
    reported_at: readTime(states[state]),
    unasked: true,
    not_sent: status === 'FAILED' && !!error && NOT_SENT.test(error),
  };
}

function readTime(value: unknown): Date | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 8.64e15) return new Date(value);
  return typeof value === 'string' ? (parseTimestamp(value) ?? undefined) : undefined;
}
