import { Injectable } from '@nestjs/common';
import { TenantsService } from '../tenants/tenants.service.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { RetentionPass } from './retention-pass.js';

const EVERY_MILLIS = 3_600_000;

/** Runs retention once an hour, tenant after tenant. */
@Injectable()
export class RetentionWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly tenants: TenantsService,
    private readonly retention: RetentionPass,
  ) {
    const work = (stopping: AbortSignal) => this.pass(stopping);
    this.worker = workers.register({ name: 'retention', everyMillis: EVERY_MILLIS, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async pass(stopping: AbortSignal): Promise<void> {
    try {
      for await (const tenant of this.tenants.all()) {
        if (stopping.aborted) return;
        await this.retention.pass(tenant._id, stopping);
      }
    } catch (error) {
      if (!stopping.aborted) throw error;
    }
  }
}
