import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { asTenantId } from '../common/tenant-id.js';
import { DAY_MILLIS, HOUR_MILLIS, later } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { PersonRemoval } from './person-removal.js';
import { PushTokensRepository } from './push-tokens.repository.js';

/** A device that has lain in a drawer for a summer registers again. */
const KEPT_DAYS = 90;
const BATCH = 200;

/** Removes tokens that their provider has not known for long. */
@Injectable()
export class DeadTokensWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly tokens: PushTokensRepository,
    private readonly removal: PersonRemoval,
    private readonly clock: Clock,
  ) {
    this.worker = workers.register({
      name: 'dead push tokens',
      everyMillis: HOUR_MILLIS,
      work: (stopping) => this.work(stopping),
    });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const before = later(this.clock.now(), -KEPT_DAYS * DAY_MILLIS);
    while (!stopping.aborted) {
      const dead = await this.tokens.deadBefore(before, BATCH);
      for (const tenant of new Set(dead.map(({ tenant_id }) => tenant_id))) {
        const ids = dead.filter(({ tenant_id }) => tenant_id === tenant).map(({ _id }) => _id);
        await this.removal.forgetTokens(asTenantId(tenant), ids);
        await this.tokens.removeDead(tenant, ids, before);
      }
      if (dead.length < BATCH) return;
    }
  }
}
