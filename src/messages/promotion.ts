import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Faults } from '../common/faults.js';
import { Config } from '../config/load-config.js';
import type { Update } from '../database/query.js';
import { SYSTEM } from '../domain/actor.js';
import { moveUpdate } from './moves.js';
import type { Candidate } from './candidate.js';
import { QueueRepository } from './queue.repository.js';

/** Small steps, so that a million texts scheduled for the same minute never hold up a claim. */
const STEP = 200;

/** Moves what has become due into the list that claims walk, and fails what has run out. */
@Injectable()
export class Promotion {
  constructor(
    private readonly queues: QueueRepository,
    private readonly config: Config,
    private readonly faults: Faults,
    private readonly clock: Clock,
  ) {}

  /** One step for one queue, inside a claim: nothing waits for a worker that died. Answers how many it moved. */
  async promoteQueue(queue: string): Promise<number> {
    const now = this.clock.now();
    const due = await this.queues.due(queue, now, STEP);
    await this.settle(due, now);
    return due.length;
  }

  /** One step over all queues. Answers the queues that have something new, and whether there is more to do. */
  async promoteAll(): Promise<{ queues: Set<string>; more: boolean }> {
    const now = this.clock.now();
    const due = await this.queues.dueAnywhere(now, STEP);
    await this.settle(due, now);
    return { queues: new Set(due.map((message) => message.queue)), more: due.length === STEP };
  }

  /** One step of failing what has run out; answers whether there is more to do. */
  async failExpired(): Promise<boolean> {
    const now = this.clock.now();
    const expired = await this.queues.expired(now, STEP);
    await this.queues.changeEach(expired.map((seen) => ({ seen, update: expire(seen, now) })));
    return expired.length === STEP;
  }

  private async settle(due: readonly Candidate[], now: Date): Promise<void> {
    await this.queues.changeEach(due.map((seen) => ({ seen, update: this.promoted(seen, now) })));
    if (due.length > 0) this.faults.at('after:promotion');
  }

  private promoted(message: Candidate, now: Date): Update {
    if (message.expires_at <= now) return expire(message, now);
    if (message.status === 'ASSIGNED' && message.attempts >= this.config.MAX_ATTEMPTS) {
      return moveUpdate(message, { to: ['FAILED'], actor: SYSTEM, now, lastError: 'MAX_ATTEMPTS' });
    }
    return { $set: { ready: true }, $unset: { due_at: '' }, $inc: { rev: 1 } };
  }
}

export function expire(message: Candidate, now: Date): Update {
  return moveUpdate(message, { to: ['FAILED'], actor: SYSTEM, now, lastError: 'EXPIRED' });
}
