import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
} from '@nestjs/throttler';
import { tooMany } from '../../common/errors.js';
import { Config } from '../../config/load-config.js';
import type { AuthenticatedRequest } from '../current.js';
import { PerHandler } from '../per-handler.js';
import type { Principal } from '../principal.js';
import { countedAddress } from './counted-address.js';
import { ThrottleStorage } from './throttle-storage.js';

export const MINUTE = 60_000;
const PASSES = Promise.resolve(true);

interface CountedRequest extends AuthenticatedRequest {
  isCounted?: true;
}

/**
 * One budget of calls per minute for all routes, per principal and not per address, because the tills of a shop share an address. A route
 * with its own limit (`@Throttle`) uses that limit instead, and counts calls without credentials by their address.
 *
 * `Admission` calls this before the body is read, so that a flood costs no parsing and bodies that aren't JSON count, too. It marks the
 * request, so that Nest's later call of this guard counts nothing. The library's own code (six pieces of metadata, ten promises) costs ten
 * times as much as counting the budget: it runs only on routes with their own limit.
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  private readonly hasOwnLimit = new PerHandler((...decorated) => decorated.some(isDecorated));

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: ThrottleStorage,
    reflector: Reflector,
    private readonly config: Config,
  ) {
    super(options, storage, reflector);
  }

  /** @throws ApiError 429 with the time to wait. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CountedRequest>();
    if (request.isCounted) return PASSES;
    request.isCounted = true;
    if (this.hasOwnLimit.of(context)) return super.canActivate(context);
    return request.principal && this.config.THROTTLE_PER_MIN > 0 ? this.countToBudget(request.principal) : PASSES;
  }

  private async countToBudget({ id }: Principal): Promise<boolean> {
    const { isBlocked, timeToBlockExpire } = await this.storage.increment(id, MINUTE, this.config.THROTTLE_PER_MIN);
    if (isBlocked) throw throttled(timeToBlockExpire);
    return true;
  }

  protected override getTracker(request: AuthenticatedRequest): Promise<string> {
    return Promise.resolve(request.principal?.id ?? countedAddress(request.ip));
  }

  /** The key for a route's own limit. */
  protected override generateKey(context: ExecutionContext, tracker: string, limit: string): string {
    return `${context.getClass().name}.${context.getHandler().name}:${limit}:${tracker}`;
  }

  protected override throwThrottlingException(_: ExecutionContext, hits: ThrottlerLimitDetail): Promise<void> {
    return Promise.reject(throttled(hits.timeToBlockExpire));
  }
}

const throttled = (seconds: number) =>
  tooMany('throttled', 'Too many calls. Wait for the seconds in Retry-After, then try again.', seconds);

/** Whether the route has `@Throttle` or `@SkipThrottle`. */
function isDecorated(handler: object): boolean {
  return Reflect.getMetadataKeys(handler).some((key) => String(key).startsWith('THROTTLER:'));
}
