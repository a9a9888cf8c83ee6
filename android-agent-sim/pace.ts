/** How much of a pause may be caught up on in one go. */
const CATCH_UP_MS = 1000;

/** Keeps to so many texts a minute, evenly spread; a second's worth of unused slots may be caught up on. */
export class Pace {
  #intervalMs = 0;
  #nextAt = 0;

  /** Zero, a negative number or nothing at all means as fast as the radio can. */
  setRate(perMinute: number | undefined, now: number): void {
    // Before the first rate there were no slots to be caught up on.
    if (this.#intervalMs === 0) this.#nextAt = now;
    this.#intervalMs = perMinute !== undefined && perMinute > 0 ? 60_000 / perMinute : 0;
  }

  /** Texts that may be started now. */
  available(now: number): number {
    if (this.#intervalMs === 0) return Infinity;
    if (now < this.#nextAt) return 0;
    return Math.min(this.#burst, 1 + Math.floor((now - this.#nextAt) / this.#intervalMs));
  }

  waitMs(now: number): number {
    return Math.max(0, Math.ceil(this.#nextAt - now));
  }

  spend(texts: number, now: number): void {
    const earliest = now - (this.#burst - 1) * this.#intervalMs;
    this.#nextAt = Math.max(this.#nextAt, earliest) + texts * this.#intervalMs;
  }

  /** Texts that can be sent within `seconds`: holding more than this would let leases run out in the hand. */
  within(seconds: number): number {
    if (this.#intervalMs === 0) return Infinity;
    return Math.max(1, Math.floor((seconds * 1000) / this.#intervalMs));
  }

  get #burst(): number {
    return this.#intervalMs === 0 ? Infinity : Math.max(1, Math.floor(CATCH_UP_MS / this.#intervalMs));
  }
}
