import { DateTime } from 'luxon';

/** Hours of each day in some zone; over midnight when `to` is before `from`. */
export interface DailyHours {
  /** `22:00` */
  from: string;
  /** Not included. */
  to: string;
}
/** When not to disturb, in the person's own zone. */
export type QuietHours = DailyHours;

const MINUTE = 60_000;

/**
 * When the quiet hours in which `now` lies end; null when it lies in none. Where a clock is set back, a time that exists twice begins them
 * the first time and ends them the second; where it is set forward, a time that doesn't exist is the moment of the change.
 */
export function quietUntil(now: Date, { from, to }: QuietHours, zone: string): Date | null {
  if (from === to) return null;
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  for (const day of [today.minus({ days: 1 }), today]) {
    const { begin, end } = spanOf(day, { from, to });
    if (begin <= now.getTime() && now.getTime() < end) return new Date(end);
  }
  return null;
}

/** The hours that begin on this day, in milliseconds; a day long when `from` and `to` are the same. */
export function spanOf(day: DateTime, { from, to }: DailyHours): { begin: number; end: number } {
  return { begin: instants(day, from)[0], end: instants(to > from ? day : day.plus({ days: 1 }), to)[1] };
}

/** The first and the last moment at which a clock of the zone shows this time of the day. */
function instants(day: DateTime, time: string): [first: number, last: number] {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const { year, month, day: date, zone } = day;
  const local = DateTime.fromObject({ year, month, day: date, hour, minute }, { zone });
  if (local.hour !== hour || local.minute !== minute || local.day !== date) {
    const change = changeBefore(local);
    return [change, change];
  }
  const millis = local.getPossibleOffsets().map((one) => one.toMillis());
  return [Math.min(...millis), Math.max(...millis)];
}

/** The moment of the change of the clock that skipped a time; the library counts such a time on with the offset of before. */
function changeBefore(skipped: DateTime): number {
  let after = skipped.toMillis();
  let before = after - 25 * 60 * MINUTE;
  const offsetAfter = skipped.offset;
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (DateTime.fromMillis(middle, { zone: skipped.zone }).offset === offsetAfter) after = middle;
    else before = middle;
  }
  return after;
}
