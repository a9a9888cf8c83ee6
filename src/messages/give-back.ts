import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { SYSTEM } from '../domain/actor.js';
import type { Claimed } from './candidate.js';
import type { Budget } from './claims.js';
import type { HistoryEntry } from './message.js';
import { HISTORY_LENGTH } from './moves.js';
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
      leased.map((seen) => {
        const entry: HistoryEntry = { at: now, actor: SYSTEM, event: 'lease_ended', lease_id: seen.lease!.id, note };
        return {
          seen,
          update: {
            $set: { ready: true, 'lease.ended_at': now, updated_at: now },
            $unset: { due_at: '' as const },
            $inc: { attempts: -1, rev: 1 },
            $push: { history: { $each: [entry], $slice: -HISTORY_LENGTH } },
          },
        };
      }),
    );
    const returned = leased.filter((_, i) => made[i]);
    if (returned.length === 0) return;
    await budget.refund(returned.map((message) => ({ simSlot: message.lease!.sim_slot })));
    for (const queue of new Set(returned.map((message) => message.queue))) this.waiters.wake(queue);
  }
}
