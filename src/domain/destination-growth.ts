import { HOUR_MILLIS, hourOf, later } from './time.js';

/** How many texts went to a destination abroad in an hour. */
export interface HourCount {
  /** The beginning of the hour. */
  at: Date;
  /** `+4479` */
  destination: string;
  n: number;
}

/** A destination that gets far more texts than it did. */
export interface Growth {
  destination: string;
  /** In the last 24 hours. */
  today: number;
  /** A day's mean of the week before them. */
  usual: number;
}

const HOURS_OF_DAY = 24;
const DAYS_OF_WEEK = 7;
const TENFOLD = 10;
/** Less than this costs a few dollars at most, and a small shop's first customers abroad are no attack. */
const FEWEST = 100;

/**
 * Destinations whose last 24 hours are at least ten times a day of the week before. Somebody who is paid for texts to a range of numbers,
 * and makes us send them, shows like this. The hours roll on, so that a night's attack isn't halved by midnight.
 */
export function grown(counts: readonly HourCount[], now: Date): Growth[] {
  const dayFrom = later(hourOf(now), -(HOURS_OF_DAY - 1) * HOUR_MILLIS);
  const weekFrom = later(dayFrom, -DAYS_OF_WEEK * HOURS_OF_DAY * HOUR_MILLIS);
  const sums = new Map<string, { today: number; week: number }>();
  for (const { at, destination, n } of counts) {
    if (at < weekFrom) continue;
    const sum = sums.get(destination) ?? { today: 0, week: 0 };
    sum[at < dayFrom ? 'week' : 'today'] += n;
    sums.set(destination, sum);
  }
  return [...sums]
    .map(([destination, { today, week }]) => ({ destination, today, usual: week / DAYS_OF_WEEK }))
    .filter(({ today, usual }) => today >= FEWEST && today >= TENFOLD * usual);
}
