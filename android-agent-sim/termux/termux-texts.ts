import { createHash } from 'node:crypto';
import type { StoredText } from '../modem.js';

/** One text of `termux-sms-list`. */
interface Listed {
  _id?: unknown;
  type?: unknown;
  address?: unknown;
  number?: unknown;
  received?: unknown;
  body?: unknown;
}

/** The received texts of `termux-sms-list`, the newest first. */
export function textsIn(listed: unknown): StoredText[] {
  if (!Array.isArray(listed)) return [];
  return (
    (listed as Listed[])
      // Some versions list sent texts as well.
      .filter((text) => text?.type === 'inbox')
      .toSorted((a, b) => compare(b.received, a.received) || Number(b._id) - Number(a._id))
      .map(storedText)
  );
}

function storedText({ _id, address, number, received, body }: Listed): StoredText {
  const from = wordOf(address) || wordOf(number) || 'unknown';
  const text = typeof body === 'string' ? body : '';
  const at = wordOf(received);
  return {
    key: keyOf(wordOf(_id), at, from, text),
    text: {
      from: from.slice(0, 64),
      text: text.slice(0, 20_000),
      received_at: (timeOf(at) ?? new Date()).toISOString(),
      external_id: `sms-${wordOf(_id)}`,
    },
  };
}

/**
 * Android gives the id of a deleted text to the next one, so an id alone says too little; and it tells the time in the phone's
 * zone, so of the time only minutes and seconds stay the same on a journey.
 */
function keyOf(id: string, received: string, from: string, text: string): string {
  const seconds = received.slice('2026-11-26 10:'.length);
  return createHash('sha256')
    .update(JSON.stringify([id, seconds, from, text]))
    .digest('base64url')
    .slice(0, 20);
}

function timeOf(received: string): Date | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?$/.exec(received);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  return new Date(year!, month! - 1, day, hour, minute, second);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [wordOf(a), wordOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
