import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DailyCountsRepository, type DailyCountDoc } from '../counters/daily-counts.repository.js';
import { DAY_MILLIS, later, utcDay } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { DeadRequests } from './dead-requests.js';
import { Expansion } from './expansion.js';
import { RequestsRepository } from './requests.repository.js';

const EVERY_MILLIS = 30_000;
const PAGE = 200;
/** Each may be 8 MiB. */
const REQUESTS_AT_ONCE = 10;

/**
 * Finishes what was committed and gives back the daily shares of what never was: at start, before anything is accepted, and every
 * half minute. Safe to run beside acceptance and beside the recovery of another gateway. Fingerprints of dead requests are not looked
 * for: whoever meets one takes it over (FingerprintClaims), and the rest expire by themselves.
 */
@Injectable()
export class RecoveryWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly requests: RequestsRepository,
    private readonly limits: DailyCountsRepository,
    private readonly expansion: Expansion,
    private readonly dead: DeadRequests,
    private readonly clock: Clock,
  ) {
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
    for (;;) {
      const requests = await this.requests.unexpanded(REQUESTS_AT_ONCE);
      for (const request of requests) {
        await this.expansion.expand(request);
        await this.expansion.finish(request);
      }
      if (requests.length < REQUESTS_AT_ONCE) return;
    }
  }

  private async settleHolds(): Promise<void> {
    const now = this.clock.now();
    const days = [utcDay(now), utcDay(later(now, -DAY_MILLIS))];
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
      if (!this.dead.isDead(hold.at)) continue;
      await this.dead.bury(counter.tenant_id, requestId);
      const request = await this.requests.byId(counter.tenant_id, requestId);
      if (request?.tombstone) await this.limits.settle(counter._id, requestId, hold.n);
      else if (request?.expanded) await this.limits.settle(counter._id, requestId, request.total_skipped);
    }
  }
}
