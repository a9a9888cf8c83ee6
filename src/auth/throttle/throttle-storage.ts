import type { ThrottlerStorage } from '@nestjs/throttler';

/** The fields that the library's guard reads; `isBlocked` is about the present call. Times in seconds. */
export interface Hits {
  totalHits: number;
  timeToExpire: number;
  isBlocked: boolean;
  timeToBlockExpire: number;
}

/**
 * Counts within windows that are the same for all keys and begin at multiples of their length. A caller over the limit waits for the
 * next window; the library's option `blockDuration` has no effect here.
 */
export abstract class ThrottleStorage implements ThrottlerStorage {
  /** `ttl`: the window's length in milliseconds. */
  abstract increment(key: string, ttl: number, limit: number): Promise<Hits>;

  /** Returns the result that one more call would get, without counting it. */
  abstract look(key: string, ttl: number, limit: number): Promise<Hits>;
}
