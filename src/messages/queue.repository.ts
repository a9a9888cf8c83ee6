import { Injectable } from '@nestjs/common';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import type { Condition, Update } from '../database/query.js';
import type { Sight } from '../parking/parked-row.js';
import { CANDIDATE, CLAIMED, HEAD, type Candidate, type Claimed, type Head } from './candidate.js';
import { ChangedMinutes } from './counting/changed-minutes.js';
import type { MessageDoc } from './message.js';
import { MessageEvents } from './message-events.js';

const OLDEST = ['queue', 'priority_weight', 'created_at', 'schedule_at'] as const;
export type Oldest = Pick<MessageDoc, '_id' | (typeof OLDEST)[number]>;

/** By any of these a worker, or a claim, comes by a message. */
const SIGHT = ['ready', 'due_at', 'fails_at'] as const;
const RECEIPT_DUE = ['tenant_id', 'carrier', 'lease', 'created_at', 'receipt_checks'] as const;
export type ReceiptDue = Pick<MessageDoc, '_id' | (typeof RECEIPT_DUE)[number]>;

/** HIGH first, then in the order of acceptance, which is that of the ids. */
const IN_TURN = { priority_weight: 1, _id: 1 } as const;
const BY_DUE = { due_at: 1, _id: 1 } as const;

/** Where a page of what waits for a time ended. */
export type DuePlace = Required<Pick<MessageDoc, '_id' | 'due_at'>>;
export type WithText = Candidate & Pick<MessageDoc, 'text'>;
export type Waiting = WithText & DuePlace;

interface Change {
  seen: Candidate;
  update: Update;
}

/**
 * The waiting lists. They are looked at across tenants on purpose: a queue's key begins with its tenant, and the workers serve
 * all of them.
 */
@Injectable()
export class QueueRepository {
  private readonly messages: Collection<MessageDoc>;

  constructor(
    @InjectStore() store: Store,
    private readonly events: MessageEvents,
    private readonly minutes: ChangedMinutes,
  ) {
    this.messages = store.collection<MessageDoc>('sms_messages');
  }

  /** The head of one queue, in the order of its index: HIGH first. */
  heads(queue: string, limit: number): Promise<Head[]> {
    return this.messages.find({ queue, ready: true }, { sort: IN_TURN, limit, fields: HEAD });
  }

  /** What of one queue waited for a time that has come. */
  due(queue: string, now: Date, limit: number): Promise<Candidate[]> {
    return this.messages.find({ queue, due_at: { $lte: now } }, { sort: BY_DUE, limit, fields: CANDIDATE });
  }

  dueAnywhere(now: Date, limit: number): Promise<Candidate[]> {
    return this.messages.find({ due_at: { $lte: now } }, { sort: BY_DUE, limit, fields: CANDIDATE });
  }

  /** Those of them that nobody has begun to send. */
  waitingOf(ids: readonly string[]): Promise<Pick<MessageDoc, '_id' | 'status' | 'due_at'>[]> {
    const where = { _id: { $in: ids }, status: { $in: ['PENDING', 'ASSIGNED'] } };
    return this.messages.find(where, { fields: ['status', 'due_at'] });
  }

  /** What has to fail because its time is over. */
  expired(now: Date, limit: number): Promise<Candidate[]> {
    return this.messages.find({ fails_at: { $lte: now } }, { sort: { fails_at: 1, _id: 1 }, limit, fields: CANDIDATE });
  }

  /** Messages of which a carrier is to be asked what became of them, the longest due first. */
  receiptsDue(now: Date, limit: number): Promise<ReceiptDue[]> {
    const sort = { receipt_due_at: 1, _id: 1 } as const;
    return this.messages.find({ receipt_due_at: { $lte: now } }, { sort, limit, fields: RECEIPT_DUE });
  }

  /** One page of what waits in a queue and nobody holds. */
  unleased(queue: string, limit: number): Promise<WithText[]> {
    return this.messages.find({ queue, ready: true }, { sort: IN_TURN, limit, fields: [...CANDIDATE, 'text'] });
  }

  /** What of one queue waits for a time, after the place where the last page ended. */
  async waitingForTime(queue: string, after: DuePlace | null, limit: number): Promise<Waiting[]> {
    const read = (where: { due_at: Date | Condition; _id?: Condition }, limit: number): Promise<Waiting[]> =>
      this.messages.find(
        { queue, ...where },
        { sort: BY_DUE, limit, fields: [...CANDIDATE, 'due_at', 'text'] },
      ) as Promise<Waiting[]>;
    if (!after) return read({ due_at: { $exists: true } }, limit);
    const { due_at, _id } = after;
    const same = await read({ due_at, _id: { $gt: _id } }, limit);
    if (same.length === limit) return same;
    return [...same, ...(await read({ due_at: { $gt: due_at } }, limit - same.length))];
  }

  /** Each only while it is as it was seen; says for each whether it was made. */
  async changeEach(changes: readonly Change[]): Promise<boolean[]> {
    if (changes.length === 0) return [];
    const { matched } = await this.minutes.change(changes, () => this.messages.updateEach(changes.map(compareAndSet)));
    changes.forEach(({ seen, update }, i) => matched[i] && this.events.written(seen, update));
    return matched;
  }

  /** The same with what the store has then of each; null where somebody was faster. */
  async claimEach(changes: readonly Change[]): Promise<(Claimed | null)[]> {
    if (changes.length === 0) return [];
    const updates = changes.map(compareAndSet);
    const found = await this.minutes.change(changes, () =>
      this.messages.findEachAndUpdate(updates, { fields: CLAIMED }),
    );
    changes.forEach(({ seen, update }, i) => found[i] && this.events.written(seen, update));
    return found;
  }

  /** What workers and claims find it by; null when it has changed since it was seen. */
  async sightOf(id: string, rev: number | undefined): Promise<Sight | null> {
    const found = await this.messages.findOne({ _id: id }, { fields: ['rev', ...SIGHT] });
    if (!found || found.rev !== rev) return null;
    const sight = SIGHT.filter((field) => found[field] != null).map((field) => [field, found[field]]);
    return { rev, ...Object.fromEntries(sight) };
  }

  async hide(id: string, { rev }: Sight): Promise<void> {
    const unset = Object.fromEntries(SIGHT.map((field) => [field, '' as const]));
    await this.messages.updateOne({ _id: id, rev: rev as number }, { $unset: unset, $inc: { rev: 1 } });
  }

  /** Only while it is as `hide` left it. */
  async show(id: string, { rev, ...sight }: Sight): Promise<void> {
    await this.messages.updateOne({ _id: id, rev: (rev as number) + 1 }, { $set: sight, $inc: { rev: 1 } });
  }

  /** One that was claimed under this lease, whatever came between the write and its answer. */
  async claimedAs(id: string, leaseId: string): Promise<Claimed | null> {
    return this.messages.findOne({ _id: id, 'lease.id': leaseId }, { fields: CLAIMED });
  }

  /** How many may be claimed now and how many wait for a time, all queues together; counts no further than `most`. */
  async depths(most: number): Promise<{ ready: number; waiting: number }> {
    const [ready, waiting] = await Promise.all([
      this.messages.count({ queue: { $gt: '' }, ready: true }, { limit: most }),
      this.messages.count({ due_at: { $exists: true } }, { limit: most }),
    ]);
    return { ready, waiting };
  }

  /** The oldest message of the next list in the order of queue and priority; null after the last. One step in an index. */
  async headAfter(queue: string, weight: number): Promise<Oldest | null> {
    const head = async (where: { queue: string | { $gt: string }; priority_weight?: { $gt: number } }) => {
      const sort = { queue: 1, ...IN_TURN } as const;
      const found = await this.messages.find({ ...where, ready: true }, { sort, limit: 1, fields: OLDEST });
      return found[0] ?? null;
    };
    return (await head({ queue, priority_weight: { $gt: weight } })) ?? head({ queue: { $gt: queue } });
  }
}

function compareAndSet({ seen, update }: Change) {
  return { filter: { _id: seen._id, rev: seen.rev }, update };
}
