import { DateTime } from 'luxon';
import { spanOf, type DailyHours } from './quiet-hours.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a phone works. Over midnight when `to` is before `from`, and a whole day when they are the same. */
export interface WorkingHours extends DailyHours {
  /** On which they begin; absent: every day. */
  days?: readonly Weekday[] | undefined;
  /** A zone of the IANA database. */
  zone: string;
}

/** When hours begin again, where `now` is outside of them; null where it is inside. */
export function closedUntil(now: Date, { from, to, days = WEEKDAYS, zone }: WorkingHours): Date | null {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  // Those that began yesterday may still last; those of today a week ago may be the next.
  for (let offset = -1; offset <= 7; offset++) {
    const day = today.plus({ days: offset });
    if (!days.includes(WEEKDAYS[day.weekday - 1]!)) continue;
    const { begin, end } = spanOf(day, { from, to });
    if (begin <= now.getTime() && now.getTime() < end) return null;
    if (begin > now.getTime()) return new Date(begin);
  }
  return null;
}
