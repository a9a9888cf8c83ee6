import type { Job } from './protocol-types.js';

export interface HeldJob extends Job {
  /** When its lease runs out, by this phone's clock (ms); it isn't started after that. */
  expiresAt: number;
}

const WEIGHT: Readonly<Record<string, number>> = { HIGH: 0, NORMAL: 1, LOW: 2 };

function weight(job: Job): number {
  return WEIGHT[job.priority?.toUpperCase() ?? ''] ?? 1;
}

/** The jobs that were leased and not started, HIGH first, otherwise in the order of their arrival. */
export class Hand {
  #jobs: HeldJob[] = [];

  get size(): number {
    return this.#jobs.length;
  }

  /** Adds jobs; a message that is already held gets the newer lease. */
  add(job: HeldJob): void {
    this.#jobs = this.#jobs.filter((held) => held.message_id !== job.message_id);
    const behind = this.#jobs.findLastIndex((held) => weight(held) <= weight(job));
    this.#jobs.splice(behind + 1, 0, job);
  }

  /** Up to `count` of the most urgent jobs. */
  take(count: number): HeldJob[] {
    return this.#jobs.splice(0, count);
  }

  /** Removes the jobs whose lease has run out and returns them: another phone may have them by now. */
  dropExpired(now: number): HeldJob[] {
    const expired = this.#jobs.filter((job) => job.expiresAt <= now);
    if (expired.length > 0) this.#jobs = this.#jobs.filter((job) => job.expiresAt > now);
    return expired;
  }
}

/**
 * The end of a lease by our own clock. `lease_seconds` counted from the answer's arrival is never before the true end,
 * so the earlier of the two times protects a phone whose clock is slow.
 */
export function expiryOf(job: Job, leaseSeconds: number, receivedAt: number): number {
  const told = job.lease_expires_at ? Date.parse(job.lease_expires_at) : NaN;
  const counted = leaseSeconds > 0 ? receivedAt + leaseSeconds * 1000 : NaN;
  const known = [told, counted].filter((at) => !Number.isNaN(at));
  return known.length > 0 ? Math.min(...known) : Infinity;
}
