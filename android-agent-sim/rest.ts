import type { Timers } from './timers.js';

const FIRST_MS = 60_000;
const LONGEST_MS = 15 * 60_000;

/**
 * The pause of a modem after a text that it couldn't send: a minute, doubling up to a quarter of an hour. Otherwise a phone
 * without permission would fail all that waits for it.
 */
export class Rest {
  #until = 0;
  #nextMs = FIRST_MS;

  constructor(private readonly timers: Timers) {}

  begin(): void {
    this.#until = this.timers.now() + this.#nextMs;
    this.#nextMs = Math.min(2 * this.#nextMs, LONGEST_MS);
  }

  over(): void {
    this.#until = 0;
    this.#nextMs = FIRST_MS;
  }

  leftMs(now: number): number {
    return Math.max(0, this.#until - now);
  }
}
