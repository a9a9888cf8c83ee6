import type { MessageStatus } from '../../domain/message-status.js';
import { parseTimestamp } from '../../domain/time.js';
import type { ReceivedText } from '../../inbound/inbound.service.js';
import type { StatusReport } from '../../messages/status-reports.js';
import { isObject, textOf } from '../json-values.js';
import { readPhoneSideId } from '../phone-side-id.js';

/** What it has stored it sends, whoever asks it not to; it tells UNSENT of that too, although nothing says so. */
const STATUSES: Readonly<Record<string, MessageStatus>> = {
  UNSENT: 'SENDING',
  PENDING: 'SENDING',
  SENT: 'SENT',
  DELIVERED: 'DELIVERED',
  FAILED: 'FAILED',
};

/** As our own protocol takes them. */
const LONGEST_TEXT = 20_000;
const LONGEST_NUMBER = 100;

/** Null: it isn't understood. */
export function readUpdate(told: unknown): StatusReport | null {
  if (!isObject(told)) return null;
  const id = textOf(told['id']);
  const word = textOf(told['status']) ?? '';
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word]! : null;
  if (id === null || status === null) return null;
  const reason = textOf(told['reason'])?.slice(0, 500);
  return { ...readPhoneSideId(id), status, error: reason ? { code: null, message: reason } : null, unasked: true };
}

/** Null: it has no sender or no text. Without a time, it counts as received now. */
export function readText(received: unknown): ReceivedText | null {
  if (!isObject(received)) return null;
  const from = textOf(received['from'])?.trim();
  const text = textOf(received['content']);
  const receivedAt = readMillis(received['sms_received']) ?? readMillis(received['sms_sent']) ?? '';
  if (!from || from.length > LONGEST_NUMBER || text === null || text.length > LONGEST_TEXT) return null;
  return { from, text, received_at: receivedAt, external_id: textOf(received['id'])?.slice(0, 200) ?? null };
}

/** The app has 0 for a time that it doesn't know. */
function readMillis(value: unknown): string | null {
  if (typeof value !== 'number' || value <= 0 || value > 8.64e15) return null;
  const time = new Date(value).toISOString();
  return parseTimestamp(time) ? time : null;
}

/** It names itself so: `Dalvik/2.1.0 (…) medic.gateway.alert.generic/1.7.2`. */
export function readVersion(app: string): string | null {
  return /medic\.gateway[\w.]*\/(\S{1,60})/.exec(app)?.[1] ?? null;
}
