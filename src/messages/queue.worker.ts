import { Injectable } from '@nestjs/common';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { Promotion } from './promotion.js';
import { QueueWaiters } from './queue-waiters.js';

const EVERY_MILLIS = 1000;
/** Steps in one turn; the rest waits for the next, so that claims get in between. */
const STEPS = 25;

/** Once a second: what has become due wakes the phones that wait for it, what has run out fails. */
@Injectable()
export class QueueWorker {
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly promotion: Promotion,
    private readonly waiters: QueueWaiters,
  ) {
    this.worker = workers.register({ name: 'queues', everyMillis: EVERY_MILLIS, work: () => this.work() });
  }

  run(): Promise<void> {
    return this.worker.run();
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
