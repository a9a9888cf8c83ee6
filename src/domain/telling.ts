import type { Outcome } from './delivery.js';
import { isUnconfirmed } from './expiry.js';
import type { MessageStatus } from './message-status.js';
import type { Way } from './preference.js';

/** What became of one of the messages by which somebody is told something. */
export type Fate = 'open' | 'sent' | 'delivered' | 'failed' | 'uncertain' | 'canceled';

export interface ToldMessage {
  status: MessageStatus;
  last_error: string | null;
  delivery?: { outcome: Outcome } | null;
}

/** Uncertain: it may have gone out, so nobody may take it for failed. */
export function fateOf(message: ToldMessage): Fate {
  const { status, delivery } = message;
  if (status === 'DELIVERED' || delivery?.outcome === 'delivered') return 'delivered';
  if (delivery?.outcome === 'undelivered') return 'failed';
  if (status === 'SENT' || delivery?.outcome === 'sent') return 'sent';
  if (status === 'CANCELED') return 'canceled';
  if (status === 'FAILED') return isUnconfirmed(message) ? 'uncertain' : 'failed';
  return 'open';
}

/** Whether more may be heard of it. Nobody tells what became of an e-mail or a push after it was sent. */
export function mayChange(fate: Fate, way: Way): boolean {
  return fate === 'open' || fate === 'uncertain' || (fate === 'sent' && way === 'sms');
}

/** What all of somebody's messages come to: the best of them counts. */
export function outcomeOfAll(fates: readonly Fate[]): 'waiting' | 'sent' | 'delivered' | 'failed' | 'canceled' {
  const has = (fate: Fate) => fates.includes(fate);
  if (has('delivered')) return 'delivered';
  if (has('sent')) return 'sent';
  if (has('open')) return 'waiting';
  return has('failed') || has('uncertain') ? 'failed' : 'canceled';
}

/** Whether all of a way's messages have failed for certain. One that somebody canceled wasn't meant to be sent by another way. */
export function hasFailed(fates: readonly Fate[]): boolean {
  return fates.length > 0 && fates.every((fate) => fate === 'failed');
}
