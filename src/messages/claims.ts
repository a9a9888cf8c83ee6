import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Update } from '../database/query.js';
import { SYSTEM } from '../domain/actor.js';
import { leaseExpiry, type Lease } from '../domain/lease.js';
import type { Candidate, Claimed, Head } from './candidate.js';
import { failed, leased, postponed, ranOut } from './changes.js';
import { Gates, type Judged } from './gates.js';
import type { Via } from './message.js';
import { Promotion } from './promotion.js';
import { QueueRepository } from './queue.repository.js';
import { RowByRow } from './row-by-row.js';
import { inTurns } from './tenant-turns.js';

/** How much a holder may take now, and by what. Kept by whoever paces the holder; made anew for each claim. */
export interface Budget {
  /** Looks up what was taken lately; runs beside the look at the queues, so that it costs no round trip of its own. */
  read(): Promise<void>;
  /** Answers which of `wanted`, in their order, may be taken, `limit` at most; what is answered counts as taken. */
  take(wanted: readonly Candidate[], limit: number): Promise<Grant[]>;
  /** What was taken and then not leased. */
  refund(unused: readonly Grant[]): Promise<void>;
}

export interface Grant {
  candidate: Candidate;
  via: Via;
}

export interface ClaimOrder {
  holder: string;
  actor: string;
  /** The agent that a claimed message then belongs to; null for dispatchers. */
  agentId: string | null;
  /** Leases after which a message fails; null where they don't count. */
  maxAttempts: number | null;
  queues: readonly string[];
  limit: number;
  leaseSeconds: number;
  budget: Budget;
  /** The holder sends without asking for SENDING first. */
  unasked?: boolean;
}

/** Lost races are rare; after this many rounds the rest waits for the next call. */
const ROUNDS = 5;
/** What expired or was stopped may fill a queue's head: the rounds after the first look this deep. */
const DEEP = 200;

/**
 * Takes due messages under a lease. One indexed `find` of each queue's head, then a findOneAndUpdate of each by its id and `rev`, side by
 * side: a sorted one would make every waiting phone fight for the same head. A claim of a message whose lease ran out is the same step.
 */
@Injectable()
export class Claims {
  private turn = 0;

  constructor(
    private readonly queues: QueueRepository,
    private readonly rows: RowByRow,
    private readonly promotion: Promotion,
    private readonly gates: Gates,
    private readonly clock: Clock,
  ) {}

  async claim(order: ClaimOrder): Promise<Claimed[]> {
    const claimed: Claimed[] = [];
    const turn = this.turn++;
    for (let round = 0; round < ROUNDS && claimed.length < order.limit; round++) {
      const limit = order.limit - claimed.length;
      const [heads] = await Promise.all([
        this.heads(order.queues, round === 0 ? limit : Math.max(limit, DEEP)),
        order.budget.read(),
      ]);
      if (heads.length === 0) break;
      const now = this.clock.now();
      const open = await this.pass(await this.dropExpired(heads, now), now);
      const granted = await order.budget.take(inTurns(open, turn), limit);
      const got = await this.lease(order, granted, now);
      claimed.push(...got);
      if (got.length < granted.length) continue; // others were faster: look again
      if (open.length === heads.length) break;
    }
    return inTurns(claimed, turn);
  }

  /**
   * What can be claimed, after what has become due has joined it. All of each queue's head: the budget may pass over one queue (a SIM
   * that has used up its day) and take from another. Both are looked up at once. What a worker promotes between the two looks would be
   * in neither, so then the heads are read again.
   */
  private async heads(queues: readonly string[], limit: number): Promise<Head[]> {
    const read = (): Promise<Head[][]> => Promise.all(queues.map((queue) => this.queues.heads(queue, limit)));
    const hasPromoted = this.promotion.watch();
    const [heads] = await Promise.all([read(), Promise.all(queues.map((queue) => this.promotion.promoteQueue(queue)))]);
    return (hasPromoted() ? await read() : heads).flat();
  }

  private async dropExpired(heads: readonly Head[], now: Date): Promise<readonly Head[]> {
    const expired = heads.filter((head) => head.expires_at <= now);
    if (expired.length === 0) return heads;
    await this.rows.change(expired, (seen) => ranOut(seen, now));
    return heads.filter((head) => head.expires_at > now);
  }

  /** Those that every gate lets pass; the others fail or wait. */
  private async pass(heads: readonly Head[], now: Date): Promise<readonly Head[]> {
    const judged = await this.gates.judge(heads, now);
    const words = new Map(heads.map((seen, i) => [seen, judged[i]]));
    const stopped = heads.filter((seen) => words.get(seen));
    if (stopped.length === 0) return heads;
    await this.rows.change(stopped, (seen) => stoppedBy(words.get(seen)!, seen, now));
    return heads.filter((_, i) => !judged[i]);
  }

  /** The holder is told what the store has, not what was meant to be written. */
  private async lease(order: ClaimOrder, granted: readonly Grant[], now: Date): Promise<Claimed[]> {
    const vias = new Map(granted.map(({ candidate, via }) => [candidate, via]));
    const claimed = await this.rows.claim(
      granted.map(({ candidate }) => candidate),
      (seen) => leased(seen, newLease(order, seen, now), vias.get(seen)!, order.actor, order.agentId),
    );
    const lost = granted.filter((_, i) => !claimed[i]);
    if (lost.length > 0) await order.budget.refund(lost);
    return claimed.filter((message) => message !== null);
  }
}

function newLease(order: ClaimOrder, candidate: Candidate, now: Date): Lease {
  const isLast = order.maxAttempts !== null && candidate.attempts + 1 >= order.maxAttempts;
  return {
    id: newId('lea'),
    holder: order.holder,
    at: now,
    expires_at: leaseExpiry(now, order.leaseSeconds, candidate.expires_at),
    ...(isLast ? { last: true } : {}),
    ...(order.unasked ? { unasked: true } : {}),
  };
}

function stoppedBy({ gate, verdict }: Judged, seen: Head, now: Date): Update {
  if ('fail' in verdict) return failed(seen, verdict.fail, now);
  const note = verdict.note ? `${gate}: ${verdict.note}` : gate;
  const why = { code: gate, reason: verdict.note ?? `The rule ${gate} asks it to wait.` };
  return postponed(seen, verdict.until, { actor: SYSTEM, now, note, counts: false, why });
}
