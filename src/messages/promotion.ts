import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Update } from '../database/query.js';
import { callMayBeOut, mayBeSentUnasked } from '../domain/lease.js';
import type { Candidate } from './candidate.js';
import { failed, promoted, queueWhenDue, ranOut, unheard } from './changes.js';
import { QueueRepository } from './queue.repository.js';
import { RowByRow } from './row-by-row.js';

/** Small steps, so that a million texts scheduled for the same minute never hold up a claim. */
const STEP = 200;

/** Moves what has become due into the list that claims walk, and fails what has run out. */
@Injectable()
export class Promotion {
  private begun = 0;
  private ended = 0;

  constructor(
    private readonly queues: QueueRepository,
    private readonly rows: RowByRow,
    private readonly clock: Clock,
  ) {}

  /** One step for one queue, inside a claim: nothing waits for a worker that died. */
  async promoteQueue(queue: string): Promise<void> {
    const now = this.clock.now();
    await this.settle(await this.queues.due(queue, now, STEP), now);
  }

  /** Begins to watch; the function it answers says whether anything has been promoted here since, by whomever. */
  watch(): () => boolean {
    const ended = this.ended;
    return () => this.begun > ended;
  }

  /** One step over all queues. Answers the queues that have something new, and whether there is more to do. */
  async promoteAll(): Promise<{ queues: Set<string>; more: boolean }> {
    const now = this.clock.now();
    const due = await this.queues.dueAnywhere(now, STEP);
    await this.settle(due, now);
    return { queues: new Set(due.map(queueWhenDue)), more: due.length === STEP };
  }

  /** One step of failing what has run out; answers whether there is more to do. */
  async failExpired(): Promise<boolean> {
    const now = this.clock.now();
    const expired = await this.queues.expired(now, STEP);
    await this.rows.change(expired, (seen) => ranOut(seen, now));
    return expired.length === STEP;
  }

  private async settle(due: readonly Candidate[], now: Date): Promise<void> {
    if (due.length === 0) return;
    this.begun++;
    try {
      await this.rows.change(due, (seen) => settled(seen, now));
    } finally {
      this.ended++;
    }
  }
}

/** What waited for a time that has come: a schedule, the end of a lease, a delay. */
function settled(seen: Candidate, now: Date): Update {
  const { status, lease, expires_at } = seen;
  if (expires_at <= now || (status === 'ASSIGNED' && callMayBeOut(lease))) return ranOut(seen, now);
  if (status === 'ASSIGNED' && lease?.last)
    return mayBeSentUnasked(lease) ? unheard(seen, now) : failed(seen, 'MAX_ATTEMPTS', now);
  return promoted(seen);
}
