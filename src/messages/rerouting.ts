import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { callMayBeOut, isLive } from '../domain/lease.js';
import type { Candidate } from './candidate.js';
import { rerouted, type Destination } from './changes.js';
import { QueueRepository, type Waiting } from './queue.repository.js';
import { RowByRow } from './row-by-row.js';
import { QueueWaiters } from './queue-waiters.js';

const PAGE = 200;
const LOOKS = 5;

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
      const { moved, leased } = await this.empty(queue, to, actor, endLeases);
      total.moved += moved;
      total.leased += leased;
    }
    if (total.moved > 0) this.waiters.wake(to.queue);
    return total;
  }

  /** Looks again where something was changed meanwhile: a lease that ran out may have been promoted behind its back. */
  private async empty(queue: string, to: Destination, actor: string, endLeases: boolean): Promise<Rerouted> {
    let moved = 0;
    for (let look = 1; ; look++) {
      moved += await this.moveReady(queue, to, actor);
      const waiting = await this.moveWaiting(queue, to, actor, endLeases);
      moved += waiting.moved;
      if (waiting.lost === 0 || look === LOOKS) return { moved, leased: waiting.leased };
    }
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

  /** What is scheduled; with `endLeases`, also what is leased and not begun. */
  private async moveWaiting(queue: string, to: Destination, actor: string, endLeases: boolean) {
    const total = { moved: 0, leased: 0, lost: 0 };
    let page: Waiting[] = [];
    do {
      page = await this.queues.waitingForTime(queue, page.at(-1) ?? null, PAGE);
      const now = this.clock.now();
      const free = page.filter(({ lease }) => !callMayBeOut(lease) && (endLeases || !isLive(lease, now)));
      const moved = await this.move(free, to, actor);
      total.moved += moved;
      total.lost += free.length - moved;
      total.leased += page.length - free.length;
    } while (page.length === PAGE);
    return total;
  }

  private async move(page: readonly Candidate[], to: Destination, actor: string): Promise<number> {
    const now = this.clock.now();
    const made = await this.rows.change(page, (seen) => rerouted(seen, to, { actor, now }));
    return made.filter(Boolean).length;
  }
}
