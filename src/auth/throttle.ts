import { Injectable } from '@nestjs/common';
import { tooMany } from '../common/errors.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import type { Principal } from './principal.js';

const WINDOW_MILLIS = 60_000;

/** Counts calls per key in windows of a minute, which are the same for all keys. */
export class MinuteWindows {
  private windows = new Map<string, number>();
  private windowEnds = 0;

  constructor(private readonly clock: Clock) {}

  /** Counts one call and answers how many it makes in this window. */
  count(key: string): number {
    const now = this.clock.now().getTime();
    if (now >= this.windowEnds) {
      this.windows = new Map();
      this.windowEnds = (Math.floor(now / WINDOW_MILLIS) + 1) * WINDOW_MILLIS;
    }
    const calls = (this.windows.get(key) ?? 0) + 1;
    this.windows.set(key, calls);
    return calls;
  }

  get secondsLeft(): number {
    return Math.ceil((this.windowEnds - this.clock.now().getTime()) / 1000);
  }
}

/**
 * One budget for all routes, per principal and not per address: a shop's tills share one. Calls without credentials are not counted
 * here.
 */
@Injectable()
export class PrincipalThrottle {
  private readonly limit: number;
  private readonly windows: MinuteWindows;

  constructor(config: Config, clock: Clock) {
    this.limit = config.THROTTLE_PER_MIN;
    this.windows = new MinuteWindows(clock);
  }

  /** @throws ApiError 429 with the time to wait. */
  count({ id }: Principal): void {
    if (this.limit === 0 || this.windows.count(id) <= this.limit) return;
    throw tooMany('throttled', 'Too many calls this minute. Wait and try again.', this.windows.secondsLeft);
  }
}
