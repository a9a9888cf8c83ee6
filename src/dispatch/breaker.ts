/** So many calls in a row that failed park an account. */
const FAILURES = 5;
const FIRST_PAUSE_MILLIS = 30_000;
const LONGEST_PAUSE_MILLIS = 900_000;

export interface Parked {
  since: Date;
  until: Date;
  /** What the last call failed of. */
  reason: string;
}

/**
 * Keeps texts from an account that fails: after five failures in a row nothing goes out by it for half a minute, then one text tries
 * it. Each further failure doubles the pause; one success ends it. Answers that say something about a text (a refusal) and requests for
 * patience (429) are no failures of the account.
 */
export class Breaker {
  private failures = 0;
  private pauses = 0;
  private parked: Parked | null = null;

  /** Null while calls may be made. */
  state(now: Date): Parked | null {
    return this.parked && this.parked.until > now ? this.parked : null;
  }

  /** Parked now, or about to try again with one call. */
  get trouble(): Parked | null {
    return this.parked;
  }

  /** How many calls may run beside the `running` ones: one alone tries an account that was parked. */
  room(now: Date, running: number): number {
    if (!this.parked) return Infinity;
    return this.parked.until > now || running > 0 ? 0 : 1;
  }

  succeeded(): void {
    this.failures = 0;
    this.pauses = 0;
    this.parked = null;
  }

  failed(now: Date, reason: string): void {
    this.failures++;
    // Calls that were under way when it was parked say nothing new.
    if (this.failures < FAILURES || this.state(now)) return;
    const millis = Math.min(FIRST_PAUSE_MILLIS * 2 ** this.pauses, LONGEST_PAUSE_MILLIS);
    this.pauses++;
    this.parked = { since: this.parked?.since ?? now, until: new Date(now.getTime() + millis), reason };
  }
}
