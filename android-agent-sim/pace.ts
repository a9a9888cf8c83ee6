/** How much of a pause may be caught up at once. */
const CATCH_UP_MS = 1000;

/** Allows a number of segments per minute, evenly spread; unused slots of one second may be caught up. */
export class Pace {
  #intervalMs = 0;
  #nextAt = 0;

  /** Zero, a negative number or undefined means as fast as the radio can. */
  setRate(perMinute: number | undefined, now: number): void {
    // Before the first rate there were no slots to catch up.
    if (this.#intervalMs === 0) this.#nextAt = now;
    this.#intervalMs = perMinute !== undefined && perMinute > 0 ? 60_000 / perMinute : 0;
  }

  /** Segments that may be started now. A text with more is started all the same, and the next waits longer for it. */
  available(now: number): number {
    if (this.#intervalMs === 0) return Infinity;
    if (now < this.#nextAt) return 0;
    return Math.min(this.#burst, 1 + Math.floor((now - this.#nextAt) / this.#intervalMs));
  }

  waitMs(now: number): number {
    return Math.max(0, Math.ceil(this.#nextAt - now));
  }

  spend(segments: number, now: number): void {
    const earliest = now - (this.#burst - 1) * this.#intervalMs;
    this.#nextAt = Math.max(this.#nextAt, earliest) + segments * this.#intervalMs;
  }

  /** How many segments can be sent within `seconds`: leases of more would run out before they are sent. */
  within(seconds: number): number {
    if (this.#intervalMs === 0) return Infinity;
    return Math.max(1, Math.floor((seconds * 1000) / this.#intervalMs));
  }

  get #burst(): number {
    return this.#intervalMs === 0 ? Infinity : Math.max(1, Math.floor(CATCH_UP_MS / this.#intervalMs));
  }
}
