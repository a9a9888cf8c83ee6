import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DestinationCountsRepository } from '../counters/destination-counts.repository.js';
import { grown } from '../domain/destination-growth.js';
import { DAY_MILLIS, later, MINUTE_MILLIS, utcDay } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { DestinationAlarms } from './destination-alarms.js';

/** Soon enough to stop a key that is misused, and cheap: a tenant that sends nothing abroad costs nothing. */
const EVERY_MILLIS = 5 * MINUTE_MILLIS;
const PAGE = 200;
/** The last 24 hours and the seven days before them touch so many days. */
const DAYS = 9;

/** Compares where abroad each tenant sends with its week. */
@Injectable()
export class DestinationAlarmWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly counts: DestinationCountsRepository,
    private readonly alarms: DestinationAlarms,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'destination-alarms', everyMillis: EVERY_MILLIS, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const days = Array.from({ length: DAYS }, (_, i) => utcDay(later(now, -i * DAY_MILLIS)));
    const done = new Set<string>();
    let page: Awaited<ReturnType<DestinationCountsRepository['tenants']>> = [];
    do {
      page = await this.counts.tenants(days.slice(0, 2), page.at(-1)?.place, PAGE);
      for (const { tenant } of page) {
        if (stopping.aborted) return;
        if (done.has(tenant)) continue;
        done.add(tenant);
        for (const growth of grown(await this.counts.ofTenant(tenant, days), now))
          await this.alarms.raise(tenant, growth);
      }
    } while (page.length === PAGE);
  }
}
