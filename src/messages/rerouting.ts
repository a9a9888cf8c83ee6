import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { callMayBeOut, isLive } from '../domain/lease.js';
import type { Candidate } from './candidate.js';
import { rerouted, type Destination } from './changes.js';
import { QueueRepository } from './queue.repository.js';
import { RowByRow } from './row-by-row.js';
import { QueueWaiters } from './queue-waiters.js';

const PAGE = 200;

export interface Rerouted {
  moved: number;
  /** Left with the one that holds them. */
  leased: number;
}

/** Moves what waits in some queues to another, in small steps. What is being sent stays: it may have gone out. */
@Injectable()
export class Rerouting {
  constructor(
    private readonly queues: QueueRepository,
    private readonly rows: RowByRow,
    private readonly waiters: QueueWaiters,
    private readonly clock: Clock,
  ) {}

  /** `endLeases`: also what is leased and not begun. */
  async reroute(from: readonly string[], to: Destination, actor: string, endLeases: boolean): Promise<Rerouted> {
    const total: Rerouted = { moved: 0, leased: 0 };
    for (const queue of from) {
      total.moved += await this.moveReady(queue, to, actor);
      const waiting = await this.moveWaiting(queue, to, actor, endLeases);
      total.moved += waiting.moved;
      total.leased += waiting.leased;
    }
    if (total.moved > 0) this.waiters.wake(to.queue);
    return total;
  }

  /** What may be claimed now. A race with a claim is lost quietly: the phone has it then. */
  private async moveReady(queue: string, to: Destination, actor: string): Promise<number> {
    let moved = 0;
    for (;;) {
      const page = await this.queues.unleased(queue, PAGE);
      moved += await this.move(page, to, actor);
      if (page.length < PAGE) return moved;
    }
  }

  /**
   * What is scheduled; with `endLeases`, also what is leased and not begun. Pages go by `due_at`, which many messages may share:
   *
   *   200 of 500 that are due at 08:00 are read, and move: they are out of the queue
   *   read on after 08:00    would pass over the other 300
   *   read on from 08:00 - 1 ms    finds them, and those that were left, so it is done only while something moves
   */
  private async moveWaiting(queue: string, to: Destination, actor: string, endLeases: boolean): Promise<Rerouted> {
    const total: Rerouted = { moved: 0, leased: 0 };
    let after: Date | null = null;
    for (;;) {
      const page: (Candidate & { due_at?: Date })[] = await this.queues.waitingForTime(queue, after, PAGE);
      const now = this.clock.now();
      const free = page.filter(({ lease }) => !callMayBeOut(lease) && (endLeases || !isLive(lease, now)));
      total.leased += page.length - free.length;
      const moved = await this.move(free, to, actor);
      total.moved += moved;
      if (page.length < PAGE) return total;
      const last: Date = page.at(-1)!.due_at!;
      after = new Date(last.getTime() - (moved > 0 ? 1 : 0));
    }
  }

  private async move(page: readonly Candidate[], to: Destination, actor: string): Promise<number> {
    const now = this.clock.now();
    const made = await this.rows.change(page, (seen) => rerouted(seen, to, { actor, now }));
    return made.filter(Boolean).length;
  }
}
