import { isWholeDay, parseTimestamp, plusDays, type Zone } from '../domain/time.js';
import { invalidField } from './errors.js';

/** `from` is included, `before` is not. */
export interface TimeRange {
  from?: Date | undefined;
  before?: Date | undefined;
}

/** Times outside this range are refused: no message was sent before it, and none will be sent so far in the future. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');
const LATEST = new Date('2200-01-01T00:00:00Z');

/** The descriptions of a range's parameters. */
export const TIME_RANGE_HELP = {
  from: 'At or after this time (ISO 8601; of the setting time_zone, else UTC, if it has no zone).',
  to: 'Before this time; a plain day (2026-11-21) is included completely.',
};

/**
 * A range of time from two query parameters; either may be left out. Days, and times without a zone, are of `zone`.
 * @throws ApiError 400 that names the parameter: not a date, a year before 2000 or after 2199, or an end before the beginning.
 */
export function readTimeRange(
  from: string | undefined,
  to: string | undefined,
  zone: Zone,
  names: { from: string; to: string } = { from: 'from', to: 'to' },
): TimeRange {
  const begin = from === undefined ? undefined : readDayOrTime(from, names.from, zone);
  const end = to === undefined ? undefined : readDayOrTime(to, names.to, zone);
  const before = end && isWholeDay(to!) ? plusDays(end, 1, zone) : end;
  if (begin && before && begin >= before) throw invalidField(names.to, `must be after ${names.from}`);
  return { from: begin, before };
}

/**
 * A day means its midnight; a time without a zone is in `zone`.
 * @throws ApiError 400 that names the parameter: not a date, or a year before 2000 or after 2199.
 */
export function readDayOrTime(text: string, name: string, zone: Zone): Date {
  const time = parseTimestamp(text);
  if (!time) throw invalidField(name, 'must be a day (2026-11-21) or a time of ISO 8601 (2026-11-21T08:30:00Z)');
  if (time < EARLIEST || time >= LATEST) throw invalidField(name, 'must be between 2000 and 2199');
  return parseTimestamp(text, zone)!;
}
