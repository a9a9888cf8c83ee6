import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { callMayBeOut, isLive } from '../domain/lease.js';
import type { Candidate } from './candidate.js';
import { rerouted, type Destination } from './changes.js';
import type { MessageDoc } from './message.js';
import { QueueRepository, type Waiting } from './queue.repository.js';
import { RowByRow } from './row-by-row.js';
import { QueueWaiters } from './queue-waiters.js';

const PAGE = 200;
const LOOKS = 5;

export interface NewPlace extends Destination {
  /** Most characters of a text that it takes; null: any. */
  characters: number | null;
}

export interface Rerouted {
  moved: number;
  /** Left with the one that holds them. */
  leased: number;
  /** Left where they are, since the other route can't take them. */
  tooLong: number;
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
  async reroute(from: readonly string[], to: NewPlace, actor: string, endLeases: boolean): Promise<Rerouted> {
    const total: Rerouted = { moved: 0, leased: 0, tooLong: 0 };
    for (const queue of from) {
      const { moved, leased, tooLong } = await this.empty(queue, to, actor, endLeases);
      total.moved += moved;
      total.leased += leased;
      total.tooLong += tooLong;
    }
    if (total.moved > 0) this.waiters.wake(to.queue);
    return total;
  }

  /** Looks again where something was changed meanwhile: a lease that ran out may have been promoted behind its back. */
  private async empty(queue: string, to: NewPlace, actor: string, endLeases: boolean): Promise<Rerouted> {
    let moved = 0;
    for (let look = 1; ; look++) {
      const ready = await this.moveReady(queue, to, actor);
      const waiting = await this.moveWaiting(queue, to, actor, endLeases);
      moved += ready.moved + waiting.moved;
      if (waiting.lost === 0 || look === LOOKS)
        return { moved, leased: waiting.leased, tooLong: ready.tooLong + waiting.tooLong };
    }
  }

  /** What may be claimed now. A race with a claim is lost quietly: the phone has it then. */
  private async moveReady(queue: string, to: NewPlace, actor: string) {
    const total = { moved: 0, tooLong: 0 };
    for (;;) {
      const page = await this.queues.unleased(queue, PAGE + total.tooLong);
      const fitting = page.filter(fits(to));
      total.moved += await this.move(fitting, to, actor);
      // They stay at the head of the queue, so the next page has to reach past them.
      const isLast = page.length < PAGE + total.tooLong;
      total.tooLong = page.length - fitting.length;
      if (isLast) return total;
    }
  }

  /** What is scheduled; with `endLeases`, also what is leased and not begun. */
  private async moveWaiting(queue: string, to: NewPlace, actor: string, endLeases: boolean) {
    const total = { moved: 0, leased: 0, lost: 0, tooLong: 0 };
    let page: Waiting[] = [];
    do {
      page = await this.queues.waitingForTime(queue, page.at(-1) ?? null, PAGE);
      const now = this.clock.now();
      const free = page.filter(({ lease }) => !callMayBeOut(lease) && (endLeases || !isLive(lease, now)));
      const fitting = free.filter(fits(to));
      const moved = await this.move(fitting, to, actor);
      total.moved += moved;
      total.lost += fitting.length - moved;
      total.tooLong += free.length - fitting.length;
      total.leased += page.length - free.length;
    } while (page.length === PAGE);
    return total;
  }

  private async move(page: readonly Candidate[], to: NewPlace, actor: string): Promise<number> {
    const now = this.clock.now();
    const made = await this.rows.change(page, (seen) => rerouted(seen, to, { actor, now }));
    return made.filter(Boolean).length;
  }
}

function fits({ characters }: NewPlace): (message: Pick<MessageDoc, 'text'>) => boolean {
  return ({ text }) => characters === null || text.length <= characters || [...text].length <= characters;
}
