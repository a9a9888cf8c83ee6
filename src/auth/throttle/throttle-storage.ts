import type { ThrottlerStorage } from '@nestjs/throttler';

/** What the library's guard reads of the answer; `isBlocked` is said of the call that asked. Times in seconds. */
export interface Hits {
  totalHits: number;
  timeToExpire: number;
  isBlocked: boolean;
  timeToBlockExpire: number;
}

/**
 * Counts within windows that are the same for all keys and begin at whole multiples of their length. Who is over the limit waits for
 * the next one; `blockDuration`, which the library offers beside it, means nothing here.
 */
export abstract class ThrottleStorage implements ThrottlerStorage {
  /** `ttl`: the window's length in milliseconds. */
  abstract increment(key: string, ttl: number, limit: number): Promise<Hits>;

  /** What one more would be answered; counts nothing. */
  abstract look(key: string, ttl: number, limit: number): Promise<Hits>;
}
