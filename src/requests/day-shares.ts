import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DailyCountsRepository } from '../counters/daily-counts.repository.js';
import { dayOf } from '../domain/time.js';
import { overDailyLimit, overInternationalLimit } from './daily-limit.js';
import type { PreparedRequest } from './prepared-request.js';
import type { RequestDoc } from './request.js';

interface Share {
  counterId: string;
  n: number;
}
/** What a request has taken; null: nobody limits it. */
export interface Shares {
  own: Share | null;
  abroad: Share | null;
}

/**
 * Step 1 of acceptance, and its end: what a request takes of its key's day, and of the tenant's day abroad. Who has opted out takes
 * nothing of either.
 */
@Injectable()
export class DayShares {
  constructor(
    private readonly limits: DailyCountsRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 429 that says when the day is over; then nothing is taken. */
  async take(prepared: PreparedRequest, optedOut: ReadonlySet<number>): Promise<Shares> {
    const { clientId, tenant, dailyLimit, abroadLimit, destinations, request, zone } = prepared;
    const n = request.recipients.length - optedOut.size;
    const abroad = destinations.filter((destination, i) => destination !== null && !optedOut.has(i)).length;
    const own = await this.takeOne(prepared, clientId, dailyLimit, n);
    if (own === 'over') throw overDailyLimit(dailyLimit!, n, this.clock.now(), zone);
    const ofAbroad = await this.takeOne(prepared, `abroad:${tenant}`, abroadLimit, abroad);
    if (ofAbroad !== 'over') return { own, abroad: ofAbroad };
    await this.giveBack(request._id, { own, abroad: null });
    throw overInternationalLimit(abroadLimit!, abroad, this.clock.now(), zone);
  }

  /** Ends the holds of a request that isn't accepted, and returns all of them. */
  async giveBack(requestId: string, { own, abroad }: Shares): Promise<void> {
    for (const share of [own, abroad]) if (share) await this.limits.settle(share.counterId, requestId, share.n);
  }

  /** Ends the holds of an accepted request, and returns the duplicates' part. */
  async settle(request: RequestDoc): Promise<void> {
    for (const id of [request.counter_id, request.abroad?.counter_id])
      if (id) await this.limits.settle(id, request._id, duplicatesIn(request, id));
  }

  private async takeOne({ tenant, request, zone }: PreparedRequest, counted: string, limit: number | null, n: number) {
    if (limit === null || n === 0) return null;
    const now = this.clock.now();
    const day = dayOf(now, zone);
    const share = { tenant, clientId: counted, day, limit, n, requestId: request._id, now };
    return (await this.limits.take(share)) ? { counterId: this.limits.counterId(counted, day), n } : ('over' as const);
  }
}

/** How many of the messages that a request took a counter's share for were duplicates. */
export function duplicatesIn({ abroad, total_skipped }: RequestDoc, counterId: string): number {
  return counterId === abroad?.counter_id ? abroad.skipped : total_skipped;
}
