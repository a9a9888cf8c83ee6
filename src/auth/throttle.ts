import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerModuleOptions, type ThrottlerStorage } from '@nestjs/throttler';
import { tooMany } from '../common/errors.js';
import { Clock } from '../common/clock.js';
import type { AuthenticatedRequest } from './current.js';

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Counts calls per principal in windows of a minute. The library's own storage sets a timer for each call. */
@Injectable()
export class MinuteWindows implements ThrottlerStorage {
  private windows = new Map<string, number>();
  private windowEnds = 0;

  constructor(private readonly clock: Clock) {}

  async increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const now = this.clock.now().getTime();
    if (now >= this.windowEnds) {
      this.windows = new Map();
      this.windowEnds = (Math.floor(now / ttl) + 1) * ttl;
    }
    const totalHits = (this.windows.get(key) ?? 0) + 1;
    this.windows.set(key, totalHits);
    const seconds = Math.ceil((this.windowEnds - now) / 1000);
    return { totalHits, timeToExpire: seconds, isBlocked: totalHits > limit, timeToBlockExpire: seconds };
  }
}

/** Per principal, not per address: a shop's tills share one. Calls without credentials are not counted here. */
@Injectable()
export class PrincipalThrottle extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { throttlers } = this.options as Exclude<ThrottlerModuleOptions, unknown[]> & {
      throttlers: { limit: number }[];
    };
    return Promise.resolve(!principal || throttlers[0]?.limit === 0);
  }
  protected override getTracker(request: AuthenticatedRequest): Promise<string> {
    return Promise.resolve(request.principal!.id);
  }
  /** One budget for all routes. */
  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }
  protected override throwThrottlingException(_: ExecutionContext, hit: { timeToBlockExpire: number }): Promise<void> {
    throw tooMany('throttled', 'Too many calls this minute. Wait and try again.', hit.timeToBlockExpire);
  }
}
