import { setTimeout as sleep } from 'node:timers/promises';

/** Retries until `look` succeeds, and returns its result. @throws the last error when the time is up. */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  { timeout = 1000, interval = 50 }: { timeout?: number; interval?: number } = {},
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() >= end) throw error;
    }
    await sleep(interval);
  }
}
