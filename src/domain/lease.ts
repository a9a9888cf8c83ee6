/** When a lease given now runs out: never after the message itself does, so that an expired message is in nobody's hands. */
export function leaseExpiry(now: Date, leaseSeconds: number, messageExpiresAt: Date): Date {
  return new Date(Math.min(now.getTime() + leaseSeconds * 1000, messageExpiresAt.getTime()));
}

export interface Lease {
  id: string;
  /** The agent's id, or a dispatcher's name. */
  holder: string;
  at: Date;
  expires_at: Date;
  /** Set once a lease was taken back before its time (given back, reassigned, postponed). */
  ended_at?: Date;
  /** Set just before a provider is called: what becomes of the call, the holder alone can tell. */
  call_started_at?: Date;
  /** The message has no attempt left after this one. */
  last?: true;
  /** Its holder, a phone with an app of somebody else, sends without asking for SENDING first. */
  unasked?: true;
}

/** A lease in force at `now`. Its holder alone may ask for SENDING. */
export function isLive(lease: Lease | null | undefined, now: Date): boolean {
  return !!lease && !lease.ended_at && lease.expires_at > now;
}

/**
 * Its holder may have sent the message without a word: only that phone, which sends nothing twice that it was given under the same id, may
 * be given it again.
 */
export function mayBeSentUnasked(lease: Lease | null | undefined): boolean {
  return !!lease?.unasked && !lease.ended_at;
}

/** A call was begun and nothing was heard of it: the message may have gone out, so nobody else may send it. */
export function callMayBeOut(lease: Lease | null | undefined): boolean {
  return !!lease?.call_started_at && !lease.ended_at;
}
