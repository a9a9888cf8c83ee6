import type { Served } from './pulls.js';

/** Longer than an answer takes; shorter than people like to wait for a code. */
const PULL_MILLIS = 5000;
/** On its way to the phone, an answer is still lost by the next event. */
const ANSWER_MILLIS = 1000;
/** A phone that was told and then got nothing, or that has as much as it takes, is told ever more seldom. */
const LOOK_MILLIS = 5000;
const MOST_MILLIS = 20_000;

/** When a phone may be told the next time that messages wait for it: at each `MessageEnqueued` the app drops the pull that is under way. */
export class Quiet {
  private until = 0;
  private isTold = false;
  private emptyPulls = 0;

  /** Milliseconds until then. */
  left(now: number): number {
    return Math.max(0, this.until - now);
  }

  told(now: number): void {
    this.isTold = true;
    this.until = now + PULL_MILLIS;
  }

  /** A pull that nobody asked for says nothing when it is empty. */
  pulled({ served, leased, isFull }: Served, now: number): void {
    const inVain = leased === 0 && this.isTold;
    this.isTold = false;
    this.emptyPulls = inVain ? this.emptyPulls + 1 : 0;
    if (inVain) this.until = now + Math.min(MOST_MILLIS, LOOK_MILLIS * 2 ** Math.min(this.emptyPulls - 1, 10));
    else this.until = now + (isFull ? LOOK_MILLIS : served > 0 ? ANSWER_MILLIS : 0);
  }
}
