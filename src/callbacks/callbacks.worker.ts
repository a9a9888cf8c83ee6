import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Receipts } from '../dispatch/receipts.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { InboundService } from '../inbound/inbound.service.js';
import { Parking } from '../parking/parking.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import type { CallbackDoc } from './callback.js';
import { CallbackEvents } from './callback-events.js';
import { CallbacksRepository } from './callbacks.repository.js';

const EVERY_MILLIS = 1000;
const PAGE = 50;
/** A receipt may come before the answer of its send is written. */
const UNKNOWN_MILLIS = 60 * 60_000;
const FIRST_PAUSE_MILLIS = 5000;
const LONGEST_PAUSE_MILLIS = 10 * 60_000;
/** For this long a duplicate is known as one. */
const KEEP_MILLIS = 2 * DAY_MILLIS;

/**
 * Works through what providers have told, in the order in which it came. What it does may be repeated: after a crash, and beside another
 * gateway's worker.
 */
@Injectable()
export class CallbacksWorker {
  private readonly logger = new Logger(CallbacksWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly repository: CallbacksRepository,
    private readonly receipts: Receipts,
    private readonly inbound: InboundService,
    private readonly events: CallbackEvents,
    private readonly parking: Parking,
    private readonly clock: Clock,
  ) {
    parking.register({
      kind: 'callback',
      sightOf: async ({ tenant_id, _id }) => {
        const due_at = (await repository.byId(tenant_id, _id))?.due_at;
        return due_at ? { due_at } : null;
      },
      hide: ({ tenant_id, _id }, { due_at }) => repository.hide(tenant_id, _id, due_at as Date),
      show: ({ tenant_id, _id, sight }) => repository.show(tenant_id, _id, sight['due_at'] as Date),
    });
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'callbacks', everyMillis: EVERY_MILLIS, work });
  }

  wake(): void {
    this.worker.wake();
  }

  /** One turn: runs until nothing is due. */
  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    for (;;) {
      const page = await this.repository.due(this.clock.now(), PAGE);
      const done: CallbackDoc[] = [];
      for (const doc of page) {
        if (stopping.aborted) break;
        await this.parking.guard('callback', doc, async () => {
          if (await this.workThrough(doc)) done.push(doc);
        });
      }
      await this.repository.done(done, later(this.clock.now(), KEEP_MILLIS));
      if (page.length < PAGE || stopping.aborted) return;
    }
  }

  /** Says whether nothing is left to do. */
  private async workThrough(doc: CallbackDoc): Promise<boolean> {
    const { tenant_id: tenant, carrier, account_id: accountId, event } = doc;
    if (!event) throw new Error('it has lost what it says');
    if (event.kind === 'inbound') {
      await this.inbound.storeFromCarrier({ tenant, carrier, accountId }, event, doc.received_at);
      return true;
    }
    if ((await this.receipts.apply({ tenant, carrier, accountId }, event)) === 'applied') return true;
    const now = this.clock.now();
    const end = later(doc.received_at, UNKNOWN_MILLIS);
    if (now >= end) await this.letGo(doc);
    else await this.repository.tryAgain(doc, earlier(end, later(now, pauseAfter(doc.tries))));
    return false;
  }

  /** Without a trace, so that the provider may tell it again. */
  private async letGo({ tenant_id: tenant, _id, carrier, account_id: account, event }: CallbackDoc): Promise<void> {
    await this.repository.remove(tenant, _id);
    const { ref, status } = event as { ref: string | null; status: string };
    this.logger.log({ tenant, carrier, account, ref, status }, 'a receipt belongs to no message and is let go');
    this.events.tell(carrier, 'let_go');
  }
}

function pauseAfter(tries: number): number {
  return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** tries);
}

function earlier(left: Date, right: Date): Date {
  return left < right ? left : right;
}
