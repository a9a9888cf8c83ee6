import type { MessageStatus } from './message-status.js';

/** So long at least a phone or a provider may take to tell what became of a message whose sending has begun. */
const SENDING_GRACE_MILLIS = 600_000;

/** Why a message FAILED of which nobody knows whether it went out: nothing may take its place. */
export const UNCONFIRMED = 'UNCONFIRMED';

/** When a message's life ends: `ttlSeconds` after it is due, which is its schedule, or its acceptance where that is later. */
export function lifeEnd(acceptedAt: Date, schedule: Date | null | undefined, ttlSeconds: number): Date {
  const due = schedule && schedule > acceptedAt ? schedule : acceptedAt;
  return new Date(due.getTime() + ttlSeconds * 1000);
}

/** When a message fails that enters SENDING now: a text that may be on its way isn't given up a moment later. */
export function sendingEnd(expiresAt: Date, now: Date): Date {
  return new Date(Math.max(expiresAt.getTime(), now.getTime() + SENDING_GRACE_MILLIS));
}

/** Why a message fails by time alone. */
export function reasonOfTime(status: MessageStatus): string {
  return status === 'SENDING' ? UNCONFIRMED : 'EXPIRED';
}

interface Ended {
  status: MessageStatus;
  last_error: string | null;
}

/** It FAILED, and may have gone out all the same: what is told of it later is still news. */
export function isUnconfirmed({ status, last_error }: Ended): boolean {
  return status === 'FAILED' && last_error === UNCONFIRMED;
}

/** It never went out and never will. */
export function cameToNothing(message: Ended): boolean {
  return message.status === 'CANCELED' || (message.status === 'FAILED' && !isUnconfirmed(message));
}
