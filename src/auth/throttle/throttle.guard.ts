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
 * One budget of calls per minute for all routes, per principal and not per address: a shop's tills share one. A route with a limit of
 * its own (`@Throttle`) counts by that one instead, and there calls without credentials count by their address.
 *
 * `Admission` asks before the body is read, so that a flood costs no parsing and what isn't JSON counts, too; it leaves a mark on the
 * request, and Nest, which asks again later, counts nothing. The library's own way through a call (six pieces of metadata, ten promises)
 * costs ten times as much as counting to the budget: it is taken only where a route has a limit of its own.
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

  /** Of a route's own limit. */
  protected override generateKey(context: ExecutionContext, tracker: string, limit: string): string {
    return `${context.getClass().name}.${context.getHandler().name}:${limit}:${tracker}`;
  }

  protected override throwThrottlingException(_: ExecutionContext, hits: ThrottlerLimitDetail): Promise<void> {
    return Promise.reject(throttled(hits.timeToBlockExpire));
  }
}

const throttled = (seconds: number) =>
  tooMany('throttled', 'Too many calls. Wait for the seconds in Retry-After, then try again.', seconds);

/** By `@Throttle` or `@SkipThrottle`, whatever they say. */
function isDecorated(handler: object): boolean {
  return Reflect.getMetadataKeys(handler).some((key) => String(key).startsWith('THROTTLER:'));
}
