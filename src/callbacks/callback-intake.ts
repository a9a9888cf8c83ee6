import { Injectable } from '@nestjs/common';
import { CarrierInbox, type ReceivedEvent } from '../carriers/carrier-inbox.js';
import { Clock } from '../common/clock.js';
import { idMaker } from '../common/ids.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { dedupeKey, type CallbackDoc } from './callback.js';
import { CallbackEvents } from './callback-events.js';
import { CallbacksRepository } from './callbacks.repository.js';
import { CallbacksWorker } from './callbacks.worker.js';

/** Also what is parked goes then: it may hold a text. */
const KEEP_MILLIS = 7 * DAY_MILLIS;

/** Keeps what `CarrierInbox` is given: once it is stored, the provider may forget it. */
@Injectable()
export class CallbackIntake {
  private readonly nextId: () => string;

  constructor(
    inbox: CarrierInbox,
    private readonly repository: CallbacksRepository,
    private readonly worker: CallbacksWorker,
    private readonly events: CallbackEvents,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('cbk', () => clock.now());
    inbox.register((events) => this.keep(events));
  }

  private async keep(received: readonly ReceivedEvent[]): Promise<void> {
    const now = this.clock.now();
    const docs = received.map(({ tenant, carrier, accountId, event, dueAt }): CallbackDoc => ({
      _id: this.nextId(),
      tenant_id: tenant,
      carrier,
      account_id: accountId,
      event,
      received_at: now,
      due_at: dueAt ?? now,
      tries: 0,
      dedupe: dedupeKey(carrier, accountId, event),
      purge_at: later(now, KEEP_MILLIS),
    }));
    const duplicates = new Set(await this.repository.insertNew(docs));
    for (const [i, { carrier }] of docs.entries())
      this.events.tell(carrier, duplicates.has(i) ? 'duplicate' : 'stored');
    if (duplicates.size < docs.length) this.worker.wake();
  }
}
