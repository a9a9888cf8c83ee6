import type { Random } from './random.js';

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

/** How long to wait before calling a server again that didn't answer: 0.5 s, doubling up to 15 s, plus or minus a fifth. */
export class Backoff {
  #next = FIRST_MS;

  constructor(private readonly random: Random) {}

  /** `atLeast` is the server's Retry-After, which takes precedence over a shorter wait. */
  nextMs(atLeast = 0): number {
    const jittered = this.#next * (0.8 + 0.4 * this.random());
    this.#next = Math.min(this.#next * 2, LONGEST_MS);
    return Math.max(atLeast, Math.min(Math.round(jittered), LONGEST_MS));
  }

  reset(): void {
    this.#next = FIRST_MS;
  }
}
