import { Duration } from 'luxon';

/** Ten years. */
const MOST_SECONDS = 10 * 366 * 86_400;

/** Seconds of an ISO 8601 duration (`PT10M`, `P1D`) or of a number of minutes; null: neither, or more than ten years. */
export function durationSeconds(text: string): number | null {
  const minutes = /^\d{1,7}$/.test(text) ? Number(text) : null;
  const duration = minutes === null ? Duration.fromISO(text) : Duration.fromObject({ minutes });
  // Luxon takes a lone P for no time.
  const seconds = duration.isValid && /\d/.test(text) ? Math.round(duration.as('seconds')) : -1;
  return seconds >= 0 && seconds <= MOST_SECONDS ? seconds : null;
}
