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
  /** Set once a lease was taken back before its time (given back, reassigned). */
  ended_at?: Date;
}

/** A lease in force at `now`. Its holder alone may ask for SENDING. */
export function isLive(lease: Lease | null | undefined, now: Date): boolean {
  return !!lease && !lease.ended_at && lease.expires_at > now;
}
