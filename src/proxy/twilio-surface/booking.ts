import { invalid, type ErrorDetail } from '../../common/errors.js';
import { DAY_MILLIS, later, parseTimestamp } from '../../domain/time.js';
import type { NewSession } from '../sessions.js';
import type { CreateSessionDto } from './dto/create-session.dto.js';

const FURTHEST_MILLIS = 366 * DAY_MILLIS;

/** When it begins and ends by itself, where the caller says so. @throws ApiError 400 that names the fields as they were given. */
export function readBooking(body: CreateSessionDto, now: Date): Pick<NewSession, 'startsAt' | 'expiresAt'> {
  const problems: ErrorDetail[] = [];
  const read = (given: string | null | undefined, field: string): Date | null => {
    if (!given) return null;
    const at = parseTimestamp(given);
    const wrong = (message: string) => problems.push({ field, message });
    if (!at) wrong('must be a time of ISO 8601 (2026-11-21T08:30:00Z)');
    else if (at <= now) wrong('must be in the future');
    else if (at > later(now, FURTHEST_MILLIS)) wrong('is more than a year away');
    return at;
  };
  const end = body.endsAt ? 'endsAt' : 'ends_at';
  const start = body.startsAt ? 'startsAt' : 'starts_at';
  const [startsAt, expiresAt] = [read(body[start], start), read(body[end], end)];
  if (startsAt && expiresAt && expiresAt <= startsAt) problems.push({ field: end, message: `must be after ${start}` });
  if (problems.length > 0) throw invalid(problems);
  return { ...(startsAt ? { startsAt } : {}), ...(expiresAt ? { expiresAt } : {}) };
}
