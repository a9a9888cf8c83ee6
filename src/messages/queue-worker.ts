import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Promotion } from './promotion.js';
import { QueueWaiters } from './queue-waiters.js';

const EVERY_MILLIS = 1000;
/** Steps in one turn; the rest waits for the next, so that claims get in between. */
const STEPS = 25;

/** Once a second: what has become due wakes the phones that wait for it, what has run out fails. */
@Injectable()
export class QueueWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(QueueWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly promotion: Promotion,
    private readonly waiters: QueueWaiters,
  ) {}

  onApplicationBootstrap(): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.run().finally(() => this.timer && next()), EVERY_MILLIS);
    };
    next();
  }

  /** One turn; turns never overlap. */
  run(): Promise<void> {
    this.turn = this.turn
      .then(() => this.work())
      .catch((error: unknown) => this.logger.error({ err: error }, 'a turn of the queue failed'));
    return this.turn;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiters.close();
    await this.turn;
  }

  private async work(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      const { queues, more } = await this.promotion.promoteAll();
      for (const queue of queues) this.waiters.wake(queue);
      if (!more) break;
    }
    for (let step = 0; step < STEPS && (await this.promotion.failExpired()); step++);
  }
}
