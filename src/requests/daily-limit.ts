import { tooMany, type ApiError } from '../common/errors.js';
import { nextMidnight, type Zone } from '../domain/time.js';

/** The same for the tenant's texts abroad. */
export function overInternationalLimit(limit: number, n: number, now: Date, zone: Zone): ApiError {
  const reset = nextMidnight(now, zone);
  return tooMany(
    'international_limit',
    `${limit} texts a day may go abroad (max_per_day_international); ${n} more are too many today. The count starts again at ${reset.toISOString()}.`,
    (reset.getTime() - now.getTime()) / 1000,
  );
}

/** 429 with when the count starts again. */
export function overDailyLimit(limit: number, n: number, now: Date, zone: Zone): ApiError {
  const reset = nextMidnight(now, zone);
  return tooMany(
    'daily_limit',
    `This key may send ${limit} messages a day; ${n} more are too many today. The count starts again at ${reset.toISOString()}.`,
    (reset.getTime() - now.getTime()) / 1000,
  );
}
