import { tooMany, type ApiError } from '../common/errors.js';
import { nextUtcMidnight } from '../domain/timestamp.js';

/** 429 with when the count starts again. */
export function overDailyLimit(limit: number, n: number, now: Date): ApiError {
  const reset = nextUtcMidnight(now);
  return tooMany(
    'daily_limit',
    `This key may send ${limit} messages a day; ${n} more are too many today. The count starts again at ${reset.toISOString()}.`,
    (reset.getTime() - now.getTime()) / 1000,
  );
}
