import { isStronger, type Outcome } from './delivery.js';
import { isUnconfirmed } from './expiry.js';
import type { Lease } from './lease.js';
import type { MessageStatus } from './message-status.js';

/** What a carrier tells of a text, in the order in which it happens; a later one implies the earlier ones. */
export type ReceiptState = 'sending' | 'sent' | 'delivered' | 'failed';

/** What the decision needs to know of a message. */
export interface ReceiptMessage {
  status: MessageStatus;
  last_error: string | null;
  delivery?: { outcome: Outcome };
  lease?: Lease | null;
}
export type ReceiptDecision =
  | { result: 'updated'; moves: readonly MessageStatus[] }
  | { result: 'recorded'; outcome: Outcome }
  | { result: 'unchanged'; note?: string };

const UNCHANGED: ReceiptDecision = { result: 'unchanged' };

/**
 * What a carrier's receipt does. Receipts arrive late, twice and out of order, so none of them takes a message back. That a text went
 * out is the truth, whatever the message waits for; that one attempt failed says nothing of a later one.
 */
export function decideReceipt(message: ReceiptMessage, state: ReceiptState, leaseId: string | null): ReceiptDecision {
  const { status } = message;
  if (isUnconfirmed(message)) return state === 'sending' ? UNCHANGED : record(message, OUTCOME[state]);
  if (status === 'SENT' && state === 'failed') return record(message, 'undelivered');
  if (status === 'SENT') return state === 'delivered' ? { result: 'updated', moves: ['DELIVERED'] } : UNCHANGED;
  if (status === 'DELIVERED') return UNCHANGED;
  if (status === 'FAILED' || status === 'CANCELED')
    return state === 'sent' || state === 'delivered'
      ? { result: 'unchanged', note: `the carrier says ${state}` }
      : UNCHANGED;
  if (state === 'failed' && !isOfThisAttempt(message, leaseId))
    return { result: 'unchanged', note: 'an earlier attempt failed' };
  if (state === 'sending')
    return status === 'SENDING' || !wasCalled(message) ? UNCHANGED : { result: 'updated', moves: ['SENDING'] };
  return { result: 'updated', moves: MOVES[state] };
}

const MOVES = { sent: ['SENT'], delivered: ['SENT', 'DELIVERED'], failed: ['FAILED'] } as const;
const OUTCOME = { sent: 'sent', delivered: 'delivered', failed: 'undelivered' } as const;

function record({ delivery }: ReceiptMessage, outcome: Outcome): ReceiptDecision {
  return isStronger(outcome, delivery?.outcome) ? { result: 'recorded', outcome } : UNCHANGED;
}

/** A receipt that names no attempt was found by the carrier's id, which belongs to the attempt that is known. */
function isOfThisAttempt({ lease }: ReceiptMessage, leaseId: string | null): boolean {
  return !lease?.ended_at && (leaseId === null || lease?.id === leaseId);
}

/** A message that was put off again is in nobody's hands: that an attempt is on its way means nothing for it. */
function wasCalled({ lease }: ReceiptMessage): boolean {
  return lease?.call_started_at !== undefined && !lease.ended_at;
}
