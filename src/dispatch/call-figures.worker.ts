import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CarrierNotes } from '../carriers/carrier-notes.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { CallCountsRepository } from '../counters/call-counts.repository.js';
import { utcDay } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { CarrierCalls } from './carrier-calls.js';
import { DispatchersWorker } from './dispatchers.worker.js';

const EVERY_MILLIS = 5000;

interface Figures {
  tenant: TenantId;
  carrier: string;
  day: string;
  counts: Record<string, number>;
}

/** What `GET /admin/carriers` shows of each account: how its calls of the day ended, and whether it is parked. */
@Injectable()
export class CallFiguresWorker implements OnApplicationShutdown {
  /** Not stored yet. */
  private waiting = new Map<string, Figures>();
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    notes: CarrierNotes,
    calls: CarrierCalls,
    dispatchers: DispatchersWorker,
    private readonly repository: CallCountsRepository,
    private readonly clock: Clock,
  ) {
    this.worker = workers.register({ name: 'call figures', everyMillis: EVERY_MILLIS, work: () => this.store() });
    calls.watch((account, outcome) => this.count(account, outcome.kind));
    notes.register('today', async (tenant, carrier) => ({
      ...NOTHING,
      ...(await this.repository.get(tenant, carrier, utcDay(clock.now()))),
    }));
    notes.register('health', async (tenant, carrier) => {
      const parked = dispatchers.parked(tenant, carrier);
      return parked ? { state: 'parked', ...parked } : { state: 'ok', since: null, until: null, reason: null };
    });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.run();
  }

  private count({ tenant, name: carrier }: OpenAccount, outcome: string): void {
    const day = utcDay(this.clock.now());
    const key = `${tenant}:${carrier}:${day}`;
    const figures = this.waiting.get(key) ?? { tenant, carrier, day, counts: {} };
    figures.counts[outcome] = (figures.counts[outcome] ?? 0) + 1;
    this.waiting.set(key, figures);
  }

  private async store(): Promise<void> {
    const figures = [...this.waiting.values()];
    this.waiting = new Map();
    for (const { tenant, carrier, day, counts } of figures)
      await this.repository.add(tenant, carrier, day, counts, this.clock.now());
  }
}

const NOTHING = { accepted: 0, refused: 0, later: 0, unknown: 0 };
