import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import { later } from '../domain/time.js';
import { Parking } from '../parking/parking.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { InboundHandlers, type Handled } from './inbound-handlers.js';
import type { InboundDoc } from './inbound-message.js';
import { InboundRepository } from './inbound.repository.js';

const EVERY_MILLIS = 1000;
const PAGE = 50;
const FIRST_PAUSE_MILLIS = 5000;
/** Over ten minutes, with pauses that double; then it is parked. */
const TRIES = 8;

/**
 * Gives stored texts to those who act on them, in the order in which they came: at once, or later where a gateway died or a handler
 * failed. A handler may get a text again, also from another gateway.
 */
@Injectable()
export class InboundWorker {
  private readonly logger = new Logger(InboundWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly repository: InboundRepository,
    private readonly handlers: InboundHandlers,
    private readonly parking: Parking,
    private readonly clock: Clock,
  ) {
    parking.register({
      kind: 'inbound',
      sightOf: async ({ tenant_id, _id }) => {
        const handle_at = (await repository.byId(tenant_id, _id))?.handle_at;
        return handle_at ? { handle_at } : null;
      },
      hide: ({ tenant_id, _id }, { handle_at }) => repository.hide(tenant_id, _id, handle_at as Date),
      show: ({ tenant_id, _id, sight }) => repository.show(tenant_id, _id, sight['handle_at'] as Date),
    });
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'inbound', everyMillis: EVERY_MILLIS, work });
  }

  wake(): void {
    this.worker.wake();
  }

  /** One turn: runs until no text waits. */
  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    for (;;) {
      const page = await this.repository.toHandle(this.clock.now(), PAGE);
      for (const text of page) {
        if (stopping.aborted) return;
        await this.handle(text);
      }
      if (page.length < PAGE) return;
    }
  }

  private async handle(text: InboundDoc): Promise<void> {
    let handled: Handled;
    try {
      handled = await this.handlers.handle(text);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      return this.failed(text, error);
    }
    await this.repository.handled(text.tenant_id, text._id, handled === 'masked');
  }

  private async failed(text: InboundDoc, error: unknown): Promise<void> {
    const { _id, tenant_id, handle_tries: tries = 0 } = text;
    if (tries + 1 >= TRIES) return this.parking.park('inbound', text, error);
    this.logger.warn({ err: error, tenant: tenant_id, tries: tries + 1 }, `the text ${_id} could not be handled yet`);
    const handleAt = later(this.clock.now(), FIRST_PAUSE_MILLIS * 2 ** tries);
    await this.repository.handleAgain(tenant_id, _id, tries, handleAt);
  }
}
