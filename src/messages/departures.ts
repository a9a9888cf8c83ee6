import { Injectable } from '@nestjs/common';
import { Pause } from '../common/pause.js';
import type { TenantId } from '../common/tenant-id.js';
import type { MessageStatus } from '../domain/message-status.js';
import { MessageEvents } from './message-events.js';
import { MessagesRepository } from './messages.repository.js';

const MOST_MILLIS = 10_000;
/** Another gateway may be sending them. */
const LOOK_MILLIS = 500;
const WAITING: readonly MessageStatus[] = ['PENDING', 'ASSIGNED'];

/** Waits for messages to leave. */
@Injectable()
export class Departures {
  private readonly waiting = new Map<string, () => void>();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly pause: Pause,
    events: MessageEvents,
  ) {
    events.watch(({ _id }) => this.waiting.get(_id)?.());
  }

  /** Until all have left or one has failed, for ten seconds at most; answers why one failed, or null. */
  async failureOf(tenant: TenantId, ids: readonly string[]): Promise<string | null> {
    const over = new AbortController();
    let isLate = false;
    const late = this.pause.until(over.signal, MOST_MILLIS).then(() => void (isLate = true));
    try {
      for (;;) {
        const moved = this.next(ids);
        const fates = [...(await this.messages.fates(tenant, ids)).values()];
        const failed = fates.find(({ status }) => status === 'FAILED' || status === 'CANCELED');
        if (failed) return failed.last_error ?? failed.status;
        if (isLate || fates.every(({ status }) => !WAITING.includes(status))) return null;
        await Promise.race([late, moved, this.pause.until(over.signal, LOOK_MILLIS)]);
      }
    } finally {
      over.abort();
      for (const id of ids) this.waiting.delete(id);
    }
  }

  /** When one of them moves next. */
  private next(ids: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      for (const id of ids) this.waiting.set(id, resolve);
    });
  }
}
