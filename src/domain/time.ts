import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';

export type { Zone };
export const UTC: Zone = FixedOffsetZone.utcInstance;

export const MINUTE_MILLIS = 60_000;
export const QUARTER_MILLIS = 15 * MINUTE_MILLIS;
export const HOUR_MILLIS = 60 * MINUTE_MILLIS;
/** A day of UTC. One of another zone may be an hour longer or shorter: `plusDays`. */
export const DAY_MILLIS = 24 * HOUR_MILLIS;

/** From `from` on, before `to`. */
export interface Span {
  from: Date;
  to: Date;
}

// RFC 3339 as people write it: seconds, fraction and zone may be left out, `t` and `z` may be small, and a space (a decoded `+`) may stand
// before the offset.
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+\- ]\d{2}(?::?\d{2})?)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const OFFSET = /^([+\- ]?)(\d{1,2})(?::?(\d{2}))?$/;

/** An instant of an ISO 8601 string; without a zone of its own it is of `zone`. Null when it is no date (also 30 February). */
export function parseTimestamp(text: string, zone: Zone = UTC): Date | null {
  const match = ISO.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? '0').slice(0, 3).padEnd(3, '0'));
  const own = match[8] === undefined ? zone : offsetZone(match[8]);
  // Luxon takes 24:00 for the next midnight.
  if (!own || hour === 24) return null;
  const time = DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone: own });
  return time.isValid ? time.toJSDate() : null;
}

/** A day without a time of it: as the end of a range it counts whole. */
export function isWholeDay(text: string): boolean {
  return DAY.test(text.trim());
}

/** `Z`, `UTC`, or an offset such as `+07:00`, `0530` or `-5`; in a query string, `+` is a space. Null: none of these. */
export function offsetZone(text: string): Zone | null {
  if (/^(z|utc)$/i.test(text.trim())) return UTC;
  const [, sign, hours, minutes = 0] = OFFSET.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 14 || Number(minutes) > 59) return null;
  return FixedOffsetZone.instance((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
}

/** A zone of the IANA database, such as `Asia/Ho_Chi_Minh`. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The zone of a name that `isTimeZone` took: found by a look into a table, where that made something new. Null: no longer known. */
export function namedZone(name: string): Zone | null {
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : null;
}

/** A zone of the IANA database, or a fixed offset as `offsetZone` reads it. Null: neither. */
export function zoneOf(text: string): Zone | null {
  return offsetZone(text) ?? (isTimeZone(text) ? namedZone(text) : null);
}

/** `2026-11-21`. */
export function dayOf(at: Date, zone: Zone): string {
  if (zone === UTC) return utcDay(at);
  return DateTime.fromJSDate(at, { zone }).toISODate()!;
}

/** `2026-11-21T17:00:00+07:00`, `Z` for UTC; without milliseconds where there are none. */
export function isoIn(at: Date, zone: Zone): string {
  return DateTime.fromJSDate(at, { zone }).toISO({ suppressMilliseconds: true })!;
}

/** The whole hour of the zone in which `at` lies, as `isoIn` has it. */
export function isoHourIn(at: Date, zone: Zone): string {
  return DateTime.fromJSDate(at, { zone }).startOf('hour').toISO({ suppressMilliseconds: true })!;
}

export function nextMidnight(at: Date, zone: Zone = UTC): Date {
  return DateTime.fromJSDate(at, { zone }).startOf('day').plus({ days: 1 }).toJSDate();
}

/** The same time of another day. */
export function plusDays(at: Date, days: number, zone: Zone): Date {
  return DateTime.fromJSDate(at, { zone }).plus({ days }).toJSDate();
}

// What follows is of UTC, which has no exceptions, and is called for each of a million rows: no library's object is made for it.

/** The UTC day, `2026-11-21`. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The UTC minute, `2026-11-21T10:07`. */
export function utcMinute(at: Date): string {
  return at.toISOString().slice(0, 16);
}

/** `2026-11-21T10-07-00-123Z`: a time as a part of a file's name. */
export function fileStamp(at: Date): string {
  return at.toISOString().replaceAll(/[:.]/g, '-');
}

export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MILLIS) * MINUTE_MILLIS);
}

/** The beginning of its quarter of an hour: where days begin at half past or a quarter to an hour of UTC. */
export function quarterOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / QUARTER_MILLIS) * QUARTER_MILLIS);
}

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MILLIS) * HOUR_MILLIS);
}

export function later(at: Date, millis: number): Date {
  return new Date(at.getTime() + millis);
}
