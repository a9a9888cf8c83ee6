import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { SYSTEM } from '../domain/actor.js';
import type { Claimed } from './candidate.js';
import { leaseEnded } from './changes.js';
import type { Budget } from './claims.js';
import { QueueRepository } from './queue.repository.js';
import { QueueWaiters } from './queue-waiters.js';

/** Ends leases that nobody can have learnt of. The messages stay ASSIGNED and can be claimed again at once. */
@Injectable()
export class GiveBack {
  constructor(
    private readonly queues: QueueRepository,
    private readonly waiters: QueueWaiters,
    private readonly clock: Clock,
  ) {}

  async giveBack(leased: readonly Claimed[], budget: Budget, note: string): Promise<void> {
    const now = this.clock.now();
    const made = await this.queues.changeEach(
      leased.map((seen) => ({ seen, update: leaseEnded(seen, { actor: SYSTEM, now, note }) })),
    );
    const returned = leased.filter((_, i) => made[i]);
    if (returned.length === 0) return;
    await budget.refund(returned.map((candidate) => ({ candidate, via: candidate.lease! })));
    for (const queue of new Set(returned.map((message) => message.queue))) this.waiters.wake(queue);
  }
}
