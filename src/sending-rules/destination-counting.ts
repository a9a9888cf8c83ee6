import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { DestinationCountsRepository } from '../counters/destination-counts.repository.js';

/** Counts accepted texts abroad by destination. Nobody waits for it, and nothing depends on it but an alarm. */
@Injectable()
export class DestinationCounting implements OnApplicationShutdown {
  private readonly logger = new Logger(DestinationCounting.name);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly counts: DestinationCountsRepository,
    private readonly clock: Clock,
  ) {}

  countSoon(tenant: TenantId, destinations: readonly string[]): void {
    if (destinations.length === 0) return;
    const counts = new Map<string, number>();
    for (const destination of destinations) counts.set(destination, (counts.get(destination) ?? 0) + 1);
    const done = this.counts
      .add(tenant, counts, this.clock.now())
      .catch((error: unknown) => this.logger.error({ err: error }, 'could not count texts abroad'))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Until what was begun is counted. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  onApplicationShutdown(): Promise<void> {
    return this.settled();
  }
}
