import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Turns } from '../common/turns.js';
import { Promotion } from './promotion.js';
import { QueueWaiters } from './queue-waiters.js';

const EVERY_MILLIS = 1000;
/** Steps in one turn; the rest waits for the next, so that claims get in between. */
const STEPS = 25;

/** Once a second: what has become due wakes the phones that wait for it, what has run out fails. */
@Injectable()
export class QueueWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly turns = new Turns(QueueWorker, () => this.work(), EVERY_MILLIS);

  constructor(
    private readonly promotion: Promotion,
    private readonly waiters: QueueWaiters,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
  }

  run(): Promise<void> {
    return this.turns.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.waiters.close();
    await this.turns.stop();
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
