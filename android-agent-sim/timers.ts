/** The phone's clock and timers. Tests replace it, so that nothing has to wait for real seconds. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. It never rejects; the caller checks its signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** setTimeout takes no more than this (24 days), and fires at once when given more. */
const LONGEST_MS = 2 ** 31 - 1;

export const realTimers: Timers = {
  now: () => Date.now(),
  sleep(ms, signal) {
    if (signal?.aborted) return Promise.resolve();
    // setTimeout(0) takes at least a millisecond, which would limit a radio without latency to 1,000 texts a second.
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, LONGEST_MS));
      signal?.addEventListener('abort', done);
    });
  },
};
