import { later } from '../domain/time.js';

const FIRST_MILLIS = 1000;
const LONGEST_MILLIS = 900_000;
/** A provider that asks for more patience than this is asked again all the same. */
const LONGEST_ASKED_SECONDS = 172_800;

/**
 * Until when a text waits that the carrier didn't take: what the carrier asks for, else 1 s doubling to 15 min with each time that it
 * was put off, shortened by chance by up to a half, so that texts that failed together don't come back together.
 */
export function backOff(
  now: Date,
  delays: number,
  retryAfterSeconds: number | undefined,
  chance = Math.random(),
): Date {
  if (retryAfterSeconds !== undefined)
    return later(now, Math.min(Math.max(retryAfterSeconds, 1), LONGEST_ASKED_SECONDS) * 1000);
  const millis = Math.min(FIRST_MILLIS * 2 ** Math.min(delays, 20), LONGEST_MILLIS);
  return later(now, Math.round(millis * (1 - chance / 2)));
}
