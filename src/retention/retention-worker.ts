import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Turns } from '../common/turns.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { RetentionService } from './retention.service.js';

const EVERY_MILLIS = 3_600_000;

/** Once an hour, tenant after tenant. */
@Injectable()
export class RetentionWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly turns = new Turns(RetentionWorker, () => this.pass(), EVERY_MILLIS);
  private readonly stopping = new AbortController();

  constructor(
    private readonly tenants: TenantsService,
    private readonly retention: RetentionService,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
  }

  run(): Promise<void> {
    return this.turns.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.turns.stop();
  }

  private async pass(): Promise<void> {
    const { signal } = this.stopping;
    try {
      for await (const tenant of this.tenants.all()) {
        if (signal.aborted) return;
        await this.retention.pass(tenant._id, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
