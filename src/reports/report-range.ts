import { invalidField } from '../common/errors.js';
import { isWholeDay, readDayOrTime } from '../common/time-range.js';
import { DAY_MILLIS, HOUR_MILLIS, later } from './spans.js';

export interface ReportRange {
  /** In it. */
  from: Date;
  /** Not in it. */
  to: Date;
  /** Of local time, east of UTC. */
  offsetHours: number;
}

const MOST_DAYS = 400;
const MOST_DAYS_BY_HOUR = 62;
const DEFAULT_DAYS = 30;

const HAS_ZONE = /\d{2}:\d{2}.*?(?:z|[+\- ]\d{2}(?::?\d{2})?)\s*$/i;
/** In a query string, `+` is a space. */
const OFFSET = /^([+\- ]?)(\d{1,2})(?::?00)?$/;

/**
 * A report's span of time. Days without a time are days of `tz`, both of them in the report; times are whole hours, `to` is not in it.
 * By default the last 30 days with today.
 * @throws ApiError 400 that names the parameter.
 */
export function readReportRange(
  query: { from?: string | undefined; to?: string | undefined; tz?: string | undefined },
  byHour: boolean,
  now: Date,
): ReportRange {
  const offsetHours = readOffset(query.tz ?? 'Z');
  const offset = offsetHours * HOUR_MILLIS;
  const midnight = Math.floor((now.getTime() + offset) / DAY_MILLIS + 1) * DAY_MILLIS - offset;
  const begin = query.from === undefined ? undefined : readTime('from', query.from, offset);
  const end = query.to === undefined ? undefined : readTime('to', query.to, offset);
  const to = !end ? new Date(midnight) : isWholeDay(query.to!) ? later(end, DAY_MILLIS) : end;
  const from = begin ?? later(to, -DEFAULT_DAYS * DAY_MILLIS);
  if (from >= to)
    throw end ? invalidField('to', 'must be after from') : invalidField('from', 'must not be in the future');
  const most = byHour ? MOST_DAYS_BY_HOUR : MOST_DAYS;
  if (to.getTime() - from.getTime() > most * DAY_MILLIS) {
    throw invalidField(
      begin ? 'from' : 'to',
      `must be ${most} days apart at most${byHour ? ' for group_by=hour' : ''}`,
    );
  }
  return { from, to, offsetHours };
}

function readOffset(text: string): number {
  if (/^(z|utc)$/i.test(text.trim())) return 0;
  const [, sign, digits] = OFFSET.exec(text) ?? [];
  const hours = (sign === '-' ? -1 : 1) * Number(digits);
  if (digits === undefined || hours < -12 || hours > 14) {
    throw invalidField('tz', 'must be a whole number of hours such as +07:00, -5 or Z');
  }
  return hours;
}

function readTime(field: 'from' | 'to', text: string, offset: number): Date {
  const time = readDayOrTime(text, field);
  if (time.getTime() % HOUR_MILLIS !== 0) throw invalidField(field, 'must be a day or a whole hour');
  return HAS_ZONE.test(text) ? time : later(time, -offset);
}
