import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Faults } from '../common/faults.js';
import { newId } from '../common/ids.js';
import type { Update } from '../database/query.js';
import { leaseExpiry } from '../domain/lease.js';
import { inOrder, type Candidate, type Claimed } from './candidate.js';
import { HISTORY_LENGTH } from './moves.js';
import { expire, Promotion } from './promotion.js';
import { QueueRepository } from './queue.repository.js';
import type { HistoryEntry, MessageLease } from './message.js';

/** How much a holder may take now, and by which SIM. Kept by whoever paces the holder; made anew for each claim. */
export interface Budget {
  /** Looks up what was taken lately; runs beside the look at the queues, so that it costs no round trip of its own. */
  read(): Promise<void>;
  /** Answers which of `wanted`, in their order, may be taken, `limit` at most, each with its SIM; what is answered counts as taken. */
  take(wanted: readonly Candidate[], limit: number): Promise<Taken[]>;
  /** What was taken and then not leased. */
  refund(unused: readonly { simSlot: number | null }[]): Promise<void>;
}

export interface Taken {
  candidate: Candidate;
  simSlot: number | null;
}

export interface ClaimOrder {
  holder: string;
  actor: string;
  /** The agent that a claimed message then belongs to; null for dispatchers. */
  agentId: string | null;
  queues: readonly string[];
  limit: number;
  leaseSeconds: number;
  budget: Budget;
}

/** Lost races are rare; after this many rounds the rest waits for the next call. */
const ROUNDS = 5;

/**
 * Takes due messages under a lease. One indexed `find` of each queue's head, then a findOneAndUpdate of each by its id and `rev`, side by
 * side: a sorted one would make every waiting phone fight for the same head. A claim of a message whose lease ran out is the same step.
 */
@Injectable()
export class Claims {
  constructor(
    private readonly queues: QueueRepository,
    private readonly promotion: Promotion,
    private readonly faults: Faults,
    private readonly clock: Clock,
  ) {}

  async claim(order: ClaimOrder): Promise<Claimed[]> {
    const claimed: Claimed[] = [];
    for (let round = 0; round < ROUNDS && claimed.length < order.limit; round++) {
      const limit = order.limit - claimed.length;
      const [candidates] = await Promise.all([this.candidates(order.queues, limit), order.budget.read()]);
      if (candidates.length === 0) break;
      const now = this.clock.now();
      const alive = await this.dropExpired(candidates, now);
      const taken = await order.budget.take(alive, limit);
      if (taken.length > 0) this.faults.at('after:pace');
      const got = await this.lease(order, taken, now);
      claimed.push(...got);
      if (got.length > 0) this.faults.at('after:lease');
      if (got.length < taken.length) continue; // others were faster: look again
      if (alive.length === candidates.length) break;
    }
    return claimed.sort(inOrder);
  }

  /**
   * The heads of the queues merged, after what has become due has joined them. All of each: the budget may pass over one queue (a
   * SIM that has used up its day) and take from another.
   */
  private async candidates(queues: readonly string[], limit: number): Promise<Candidate[]> {
    const read = (): Promise<Candidate[][]> => Promise.all(queues.map((queue) => this.queues.heads(queue, limit)));
    const [promoted, heads] = await Promise.all([
      Promise.all(queues.map((queue) => this.promotion.promoteQueue(queue))),
      read(),
    ]);
    const current = promoted.some((count) => count > 0) ? await read() : heads;
    return current.flat().sort(inOrder);
  }

  private async dropExpired(candidates: readonly Candidate[], now: Date): Promise<Candidate[]> {
    const expired = candidates.filter((candidate) => candidate.expires_at <= now);
    if (expired.length === 0) return [...candidates];
    await this.queues.changeEach(expired.map((seen) => ({ seen, update: expire(seen, now) })));
    return candidates.filter((candidate) => candidate.expires_at > now);
  }

  /** The holder is told what the store has, not what was meant to be written. */
  private async lease(order: ClaimOrder, taken: readonly Taken[], now: Date): Promise<Claimed[]> {
    const claimed = await this.queues.claimEach(
      taken.map(({ candidate, simSlot }) => {
        const lease = newLease(order, candidate, simSlot, now);
        return { seen: candidate, update: leaseUpdate(order, candidate, lease) };
      }),
    );
    const lost = taken.filter((_, i) => !claimed[i]);
    if (lost.length > 0) await order.budget.refund(lost);
    return claimed.filter((message) => message !== null);
  }
}

function newLease(order: ClaimOrder, candidate: Candidate, simSlot: number | null, now: Date): MessageLease {
  return {
    id: newId('lea'),
    holder: order.holder,
    at: now,
    expires_at: leaseExpiry(now, order.leaseSeconds, candidate.expires_at),
    sim_slot: simSlot,
  };
}

function leaseUpdate(order: ClaimOrder, candidate: Candidate, lease: MessageLease): Update {
  const entry: HistoryEntry = {
    at: lease.at,
    actor: order.actor,
    event: 'leased',
    from: candidate.status,
    to: 'ASSIGNED',
    lease_id: lease.id,
    lease_expires_at: lease.expires_at,
    ...(lease.sim_slot === null ? {} : { sim_slot: lease.sim_slot }),
  };
  return {
    $set: {
      status: 'ASSIGNED',
      lease,
      due_at: lease.expires_at,
      updated_at: lease.at,
      ...(order.agentId ? { agent_id: order.agentId } : {}),
    },
    $unset: { ready: '' },
    $inc: { attempts: 1, rev: 1 },
    $addToSet: { holders: order.holder },
    $push: { history: { $each: [entry], $slice: -HISTORY_LENGTH } },
  };
}
