import type { Timers } from './timers.js';

/**
 * Wakes the loops that wait for a change. A waiter checks its condition and calls `wait` without an await in between,
 * so no ring is lost.
 */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves at the next ring, when `signal` aborts, or after `ms` if given; never rejects. */
  wait(signal: AbortSignal, timers?: Timers, ms?: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        // Passing our own reason avoids creating a DOMException with its stack, which takes a tenth of a busy phone's time.
        over?.abort('woken');
        resolve();
      };
      const over = timers && ms !== undefined ? new AbortController() : undefined;
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (timers && ms !== undefined && over) void timers.sleep(ms, over.signal).then(wake);
    });
  }
}
