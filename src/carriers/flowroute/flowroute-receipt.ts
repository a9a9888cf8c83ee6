import type { Price, Receipt } from '../carrier.js';
import { FLOWROUTE_ERRORS } from './flowroute-errors.js';
import { objectsIn, textIn, type Json } from './json-reading.js';

const STATES: Readonly<Record<string, Receipt['state']>> = {
  delivered: 'delivered',
  failed: 'failed',
  'message failed': 'failed',
  rejected: 'failed',
  'message rejected': 'failed',
  expired: 'failed',
  'message expired': 'failed',
  undeliverable: 'failed',
  'permanent send error': 'failed',
  // Level 1: the carrier has it; level 2: it goes on from there.
  'smsc submit': 'sent',
  'message sent': 'sent',
  'message buffered': 'sent',
};

/** The text of the status decides; what isn't known changes nothing. */
export function receiptOf(ref: string | null, attempt: string | null, attributes: Json): Receipt {
  const status = textIn(attributes, 'status') ?? '';
  const state = STATES[status.trim().toLowerCase()] ?? 'none';
  const code = textIn(attributes, 'status_code');
  const level = Number(textIn(attributes, 'level') ?? NaN);
  const error = state === 'failed' && code ? FLOWROUTE_ERRORS[code] : undefined;
  return {
    kind: 'receipt',
    ref,
    attempt,
    state,
    status,
    ...(Number.isInteger(level) ? { level } : {}),
    code,
    ...(error ? { reason: error.reason } : {}),
    ...(error?.kind === 'refused' && error.opt_out ? { opt_out: true as const } : {}),
  };
}

const RANKS: readonly Receipt['state'][] = ['none', 'sending', 'sent', 'failed', 'delivered'];

/** Of a text that was looked up: the receipt in it that says most. */
export function receiptOfRecord(ref: string, attributes: Json): Receipt {
  const told = [attributes, ...objectsIn(attributes, 'delivery_receipts')].map((one) => receiptOf(ref, null, one));
  const most = told.reduce((best, one) => (rank(one) > rank(best) ? one : best));
  const price = priceOf(attributes);
  return { ...most, ...(price ? { price } : {}) };
}

function rank({ state, code }: Receipt): number {
  return RANKS.indexOf(state) + (code ? 0.5 : 0);
}

/** A thousand millionth of a dollar each. */
function priceOf(attributes: Json): Price | null {
  const nanodollars = textIn(attributes, 'amount_nanodollars') ?? '';
  if (!/^\d{1,15}$/.test(nanodollars) || Number(nanodollars) === 0) return null;
  const digits = nanodollars.padStart(10, '0');
  const amount = `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
  return { amount, currency: 'USD' };
}
