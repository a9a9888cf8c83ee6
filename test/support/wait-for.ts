import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until it holds, and answers what it answers. @throws what the last try threw, when the time is up. */
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
