import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { TenantsService } from '../tenants/tenants.service.js';
import { RetentionService } from './retention.service.js';

const EVERY_MILLIS = 3_600_000;

/** Once an hour, tenant after tenant. */
@Injectable()
export class RetentionWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RetentionWorker.name);
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly tenants: TenantsService,
    private readonly retention: RetentionService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MILLIS);
  }

  /** One pass; passes never overlap. */
  run(): Promise<void> {
    this.turn = this.turn.then(() => this.pass());
    return this.turn;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.turn;
  }

  private async pass(): Promise<void> {
    const { signal } = this.stopping;
    try {
      for await (const tenant of this.tenants.all()) {
        if (signal.aborted) return;
        await this.retention.pass(tenant._id, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.logger.error({ err: error }, 'a pass of the retention failed');
    }
  }
}
