import type { Served } from './pulls.js';

/** Longer than an answer takes; shorter than people like to wait for a code. */
const PULL_MILLIS = 5000;
/** On its way to the phone, an answer is still lost by the next event. */
const ANSWER_MILLIS = 1000;
/** A phone whose pace is used up, or that has as much as it takes, is asked ever more seldom. */
const LOOK_MILLIS = 5000;
const MOST_MILLIS = 60_000;

/** When a phone may be told the next time that messages wait for it: at each `MessageEnqueued` the app drops the pull that is under way. */
export class Quiet {
  private until = 0;
  private emptyPulls = 0;

  /** Milliseconds until then. */
  left(now: number): number {
    return Math.max(0, this.until - now);
  }

  told(now: number): void {
    this.until = now + PULL_MILLIS;
  }

  pulled({ served, leased, isFull }: Served, now: number): void {
    this.emptyPulls = leased === 0 ? this.emptyPulls + 1 : 0;
    if (leased === 0) this.until = now + Math.min(MOST_MILLIS, LOOK_MILLIS * 2 ** Math.min(this.emptyPulls - 1, 10));
    else this.until = now + (isFull ? LOOK_MILLIS : served > 0 ? ANSWER_MILLIS : 0);
  }
}
