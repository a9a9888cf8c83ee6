import type { Price, Receipt } from '../carrier.js';
import { TWILIO_ERRORS } from './twilio-errors.js';

const STATES: Readonly<Record<string, Receipt['state']>> = {
  accepted: 'sending',
  scheduled: 'sending',
  queued: 'sending',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** What Twilio's word for a status says in ours; words that it doesn't have today change nothing. */
export function stateOf(status: unknown): Receipt['state'] {
  return typeof status === 'string' && Object.hasOwn(STATES, status) ? STATES[status]! : 'none';
}

/** A code as text, however it is written; null: there is none. */
export function codeOf(code: unknown): string | null {
  const text = typeof code === 'number' || typeof code === 'string' ? String(code) : '';
  return /^[1-9]\d{0,9}$/.test(text) ? text : null;
}

/** The amount without its sign: Twilio writes what it takes as less than nothing. */
export function priceOf(amount: unknown, unit: unknown): Price | undefined {
  const [, digits] = /^-?(\d{1,9}(?:\.\d{1,9})?)$/.exec(String(amount)) ?? [];
  const [currency] = /^[A-Za-z]{3}$/.exec(String(unit)) ?? [];
  return digits && currency ? { amount: digits, currency: currency.toUpperCase() } : undefined;
}

interface Said {
  ref: string | null;
  attempt: string | null;
  status: string;
  code: unknown;
  price?: Price | undefined;
}

export function receiptOf({ ref, attempt, status, code: given, price }: Said): Receipt {
  const code = codeOf(given);
  const known = code && Object.hasOwn(TWILIO_ERRORS, code) ? TWILIO_ERRORS[code] : undefined;
  return {
    kind: 'receipt',
    ref,
    attempt,
    state: stateOf(status),
    status,
    code,
    ...(known ? { reason: known.reason } : {}),
    ...(known?.kind === 'refused' && known.opt_out ? { opt_out: true } : {}),
    ...(known?.kind === 'refused' && known.dead_address ? { dead_address: true } : {}),
    ...(price ? { price } : {}),
  };
}
