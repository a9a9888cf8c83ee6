import { tooMany, type ApiError } from '../common/errors.js';
import { nextMidnight } from '../domain/time.js';

/** 429 with when the count starts again. */
export function overDailyLimit(limit: number, n: number, now: Date): ApiError {
  const reset = nextMidnight(now);
  return tooMany(
    'daily_limit',
    `This key may send ${limit} messages a day; ${n} more are too many today. The count starts again at ${reset.toISOString()}.`,
    (reset.getTime() - now.getTime()) / 1000,
  );
}
