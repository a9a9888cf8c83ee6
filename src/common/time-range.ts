import { parseTimestamp } from '../domain/timestamp.js';
import { invalidField } from './errors.js';

/** `from` is in it, `before` isn't. */
export interface TimeRange {
  from?: Date | undefined;
  before?: Date | undefined;
}

const DAY_MILLIS = 86_400_000;
/** Nothing was ever sent before it; far off it nothing will be. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** What a parameter of a range says of itself. */
export const TIME_RANGE_HELP = {
  from: 'At or after this time (ISO 8601, UTC without a zone).',
  to: 'Before this time; a plain day (2026-11-21) counts as a whole.',
};

/**
 * A range of time as two query parameters say it; either may be left out.
 * @throws ApiError 400 that names the parameter: no date, out of this world, or the end before the beginning.
 */
export function readTimeRange(
  from: string | undefined,
  to: string | undefined,
  names: { from: string; to: string } = { from: 'from', to: 'to' },
): TimeRange {
  const begin = from === undefined ? undefined : readDayOrTime(from, names.from);
  const end = to === undefined ? undefined : readDayOrTime(to, names.to);
  const before = end && isWholeDay(to!) ? new Date(end.getTime() + DAY_MILLIS) : end;
  if (begin && before && begin >= before) throw invalidField(names.to, `must be after ${names.from}`);
  return { from: begin, before };
}

/** @throws ApiError 400 that names the parameter: no date, or out of this world. */
export function readDayOrTime(text: string, name: string): Date {
  const time = parseTimestamp(text);
  if (!time) throw invalidField(name, 'must be a day (2026-11-21) or a time of ISO 8601 (2026-11-21T08:30:00Z)');
  if (time.getTime() < EARLIEST || time.getTime() >= LATEST) throw invalidField(name, 'must be between 2000 and 2199');
  return time;
}

/** A day without a time of it: as the end of a range it counts whole. */
export function isWholeDay(text: string): boolean {
  return /^\s*\d{4}-\d{2}-\d{2}\s*$/.test(text);
}
