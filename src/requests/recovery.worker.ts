import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import { DailyCountsRepository, type DailyCountDoc } from '../counters/daily-counts.repository.js';
import { DAY_MILLIS, later, utcDay } from '../domain/time.js';
import { Parking } from '../parking/parking.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { duplicatesIn } from './day-shares.js';
import { DeadRequests } from './dead-requests.js';
import { Expansion } from './expansion.js';
import { RequestsRepository } from './requests.repository.js';

const EVERY_MILLIS = 30_000;
const PAGE = 200;
/** Each may be 8 MiB. */
const REQUESTS_AT_ONCE = 10;

/**
 * Finishes what was committed and gives back the daily shares of what never was: at start, before anything is accepted, and every
 * half minute. A request that can't be expanded is parked, and the rest goes on. Safe to run beside acceptance and beside the recovery
 * of another gateway. Fingerprints of dead requests are not looked for: whoever meets one takes it over (FingerprintClaims), and the
 * rest expire by themselves.
 */
@Injectable()
export class RecoveryWorker {
  private readonly logger = new Logger(RecoveryWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly requests: RequestsRepository,
    private readonly limits: DailyCountsRepository,
    private readonly expansion: Expansion,
    private readonly dead: DeadRequests,
    private readonly parking: Parking,
    private readonly clock: Clock,
  ) {
    parking.register({
      kind: 'request',
      sightOf: async ({ tenant_id, _id }) => ((await requests.isUnexpanded(tenant_id, _id)) ? {} : null),
      hide: ({ tenant_id, _id }) => requests.setParked(tenant_id, _id, true),
      show: ({ tenant_id, _id }) => requests.setParked(tenant_id, _id, false),
    });
    const work = () => this.recover();
    this.worker = workers.register({ name: 'recovery', everyMillis: EVERY_MILLIS, atStart: true, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async recover(): Promise<void> {
    await this.expandCommitted();
    await this.settleHolds();
  }

  private async expandCommitted(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const requests = await this.requests.unexpanded(REQUESTS_AT_ONCE, after);
      for (const request of requests) {
        await this.parking.guard('request', request, async () => {
          await this.expansion.expand(request);
          await this.expansion.finish(request);
        });
      }
      if (requests.length < REQUESTS_AT_ONCE) return;
      after = requests.at(-1)!._id;
    }
  }

  private async settleHolds(): Promise<void> {
    const now = this.clock.now();
    // Today and yesterday of every zone: some are a day ahead of UTC, some behind.
    const days = [1, 0, -1, -2].map((offset) => utcDay(later(now, offset * DAY_MILLIS)));
    let after: string | undefined;
    for (;;) {
      const counters = await this.limits.ofDays(days, after, PAGE);
      for (const counter of counters) await this.settleHoldsOf(counter);
      if (counters.length < PAGE) return;
      after = counters.at(-1)!._id;
    }
  }

  private async settleHoldsOf(counter: DailyCountDoc): Promise<void> {
    for (const [requestId, hold] of Object.entries(counter.holds)) {
      try {
        if (this.dead.isDead(hold.at)) await this.settleHold(counter, requestId, hold.n);
      } catch (error) {
        if (error instanceof StoreFailure) throw error;
        // Nobody has to be told: the day's counter is looked at for two days and then forgotten.
        this.logger.error({ err: error }, `could not settle the hold of ${requestId} in ${counter._id}`);
      }
    }
  }

  private async settleHold(counter: DailyCountDoc, requestId: string, n: number): Promise<void> {
    await this.dead.bury(counter.tenant_id, requestId);
    const request = await this.requests.byId(counter.tenant_id, requestId);
    if (request?.tombstone) await this.limits.settle(counter._id, requestId, n);
    else if (request?.expanded) await this.limits.settle(counter._id, requestId, duplicatesIn(request, counter._id));
  }
}
