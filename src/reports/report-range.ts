import { invalidField } from '../common/errors.js';
import { readZone } from '../common/read-zone.js';
import { readDayOrTime } from '../common/time-range.js';
import { HOUR_MILLIS, isWholeDay, MINUTE_MILLIS, nextMidnight, plusDays, type Zone } from '../domain/time.js';

export interface ReportRange {
  /** Included. */
  from: Date;
  /** Not included. */
  to: Date;
  /** The zone of its days and hours. */
  zone: Zone;
}

const MOST_DAYS = 400;
const MOST_DAYS_BY_HOUR = 62;
const DEFAULT_DAYS = 30;

/**
 * A report's span of time. Days without a time are days of `tz` (else of `own`), and both are included; times are whole hours, and `to` is
 * not included. The default is the last 30 days including today.
 * @throws ApiError 400 that names the parameter.
 */
export function readReportRange(
  query: { from?: string | undefined; to?: string | undefined; tz?: string | undefined },
  byHour: boolean,
  now: Date,
  own: Zone,
): ReportRange {
  const zone = query.tz === undefined ? own : readZone(query.tz);
  const begin = query.from === undefined ? undefined : readTime('from', query.from, zone);
  const end = query.to === undefined ? undefined : readTime('to', query.to, zone);
  const to = !end ? nextMidnight(now, zone) : isWholeDay(query.to!) ? plusDays(end, 1, zone) : end;
  const from = begin ?? plusDays(to, -DEFAULT_DAYS, zone);
  if (from >= to)
    throw end ? invalidField('to', 'must be after from') : invalidField('from', 'must not be in the future');
  const most = byHour ? MOST_DAYS_BY_HOUR : MOST_DAYS;
  if (to > plusDays(from, most, zone)) {
    throw invalidField(
      begin ? 'from' : 'to',
      `must be ${most} days apart at most${byHour ? ' for group_by=hour' : ''}`,
    );
  }
  return { from, to, zone };
}

function readTime(field: 'from' | 'to', text: string, zone: Zone): Date {
  const time = readDayOrTime(text, field, zone);
  const isWholeHour = [0, zone.offset(time.getTime()) * MINUTE_MILLIS].some(
    (offset) => (time.getTime() + offset) % HOUR_MILLIS === 0,
  );
  if (!isWholeHour) throw invalidField(field, 'must be a day or a whole hour');
  return time;
}
