import type { Update } from '../database/query.js';
import { SYSTEM } from '../domain/actor.js';
import type { Delivery } from '../domain/delivery.js';
import { reasonOfTime, sendingEnd } from '../domain/expiry.js';
import { callMayBeOut, isLive, mayBeSentUnasked, type Lease } from '../domain/lease.js';
import { canMove, isFinal, type MessageStatus } from '../domain/message-status.js';
import { isShared, queueKey } from '../domain/route.js';
import type { HistoryEntry, MessageDoc, Postponement, Via } from './message.js';

/**
 * Every update that a message can get, and nothing else writes one. They keep the status, its times, the waiting lists, the lease and the
 * history in step, and raise `rev`: the writer compares it with what it has seen. Callers decide; what is not of the lifecycle throws.
 */

/** Enough for every attempt, its moves and some noise; a phone that repeats itself can't grow a document without end. */
const HISTORY_LENGTH = 100;

type Seen = Pick<MessageDoc, 'tenant_id' | 'queue' | 'status' | 'lease' | 'expires_at' | 'waiting' | 'recall'>;
/** Who did it, when, and a word on it for the history. */
export interface Cause {
  actor: string;
  now: Date;
  note?: string;
}

export interface Move extends Cause {
  to: readonly MessageStatus[];
  /** When it happened, if a phone tells later. */
  at?: Date;
  lastError?: string | null;
  extra?: Record<string, unknown>;
}

/**
 * One move or several at once. A message that left PENDING and ASSIGNED waits for nobody, and one that is through (SENT or final) can't
 * expire and is in nobody's hands. One that is being sent has some time more to be told of.
 */
export function moved(seen: Seen, move: Move): Update {
  const at = move.at ?? move.now;
  const set: Record<string, unknown> = { updated_at: move.now, ...move.extra };
  const entries: HistoryEntry[] = [];
  let status = seen.status;
  for (const to of move.to) {
    if (!canMove(status, to)) throw new Error(`No message moves from ${status} to ${to}`);
    entries.push({
      at: move.now,
      actor: move.actor,
      event: 'moved',
      from: status,
      to,
      ...(seen.lease ? { lease_id: seen.lease.id } : {}),
      ...(move.at ? { reported_at: move.at } : {}),
      ...noteOf(move),
    });
    if (to === 'SENT') set['sent_at'] = at;
    if (to === 'DELIVERED') set['delivered_at'] = at;
    if (to === 'FAILED') set['failed_at'] = at;
    status = to;
  }
  set['status'] = status;
  if (status === 'SENDING') set['fails_at'] = sendingEnd(seen.expires_at, move.now);
  if (move.lastError !== undefined) set['last_error'] = move.lastError;
  const through = status === 'SENT' || isFinal(status);
  if (through && isLive(seen.lease, move.now)) set['lease.ended_at'] = move.now;
  return {
    $set: set,
    $unset: {
      ready: '',
      due_at: '',
      ...noLongerWaiting(seen),
      ...noLongerRecalled(seen),
      ...(through ? { fails_at: '' as const } : {}),
      // What was told of it before is out of date.
      ...(status === 'DELIVERED' ? { delivery: '' as const } : {}),
    },
    $inc: { rev: 1 },
    ...lines(entries),
  };
}

export function failed(seen: Seen, lastError: string, now: Date): Update {
  return moved(seen, { to: ['FAILED'], actor: SYSTEM, now, lastError });
}

/** Its time is over. One that its holder may have sent without a word may have gone out: nobody sends it again, and the holder can tell. */
export function ranOut(seen: Seen, now: Date): Update {
  const { status, lease } = seen;
  return status === 'ASSIGNED' && (callMayBeOut(lease) || mayBeSentUnasked(lease))
    ? unheard(seen, now)
    : failed(seen, reasonOfTime(status), now);
}

/** Its holder may have sent it and never told. */
export function unheard(seen: Seen, now: Date): Update {
  return moved(seen, { to: ['SENDING'], actor: SYSTEM, now, note: 'its holder never told' });
}

/** What was told of it when its status couldn't follow any more. */
export function told(delivery: Delivery, { actor, now, reportedAt }: Cause & { reportedAt?: Date }): Update {
  const { outcome, code, reason } = delivery;
  const note = [code, reason].filter(Boolean).join(': ');
  return {
    $set: { delivery, updated_at: now },
    $inc: { rev: 1 },
    ...lines([
      {
        at: now,
        actor,
        event: 'told',
        outcome,
        ...(reportedAt ? { reported_at: reportedAt } : {}),
        ...noteOf({ note }),
      },
    ]),
  };
}

/** In a new holder's hands, until the lease runs out; `agentId` is the phone that it belongs to then, if the holder is one. */
export function leased(seen: Seen, lease: Lease, via: Via, actor: string, agentId: string | null): Update {
  mustWait(seen);
  const { id, holder, at, expires_at } = lease;
  return {
    $set: {
      status: 'ASSIGNED',
      lease: { ...lease, ...via },
      due_at: expires_at,
      updated_at: at,
      ...(agentId ? { agent_id: agentId } : {}),
    },
    $unset: { ready: '', ...noLongerWaiting(seen) },
    $inc: { attempts: 1, rev: 1 },
    $addToSet: { holders: holder },
    ...lines([
      {
        at,
        actor,
        event: 'leased',
        from: seen.status,
        to: 'ASSIGNED',
        lease_id: id,
        lease_expires_at: expires_at,
        ...via,
      },
    ]),
  };
}

/** The holder is about to call a provider: from now on nobody knows whether the message went out, until the holder tells. */
export function callStarted(seen: Seen, now: Date): Update {
  if (seen.status !== 'ASSIGNED' || !isLive(seen.lease, now)) throw new Error('Nobody holds the message');
  return { $set: { 'lease.call_started_at': now, updated_at: now }, $inc: { rev: 1 } };
}

/** A lease that its holder can't have learnt of: it was no attempt, and the message can be claimed again at once. */
export function leaseEnded(seen: Seen, { actor, now, note }: Cause): Update {
  mustWait(seen);
  return {
    $set: { ready: true, updated_at: now, 'lease.ended_at': now },
    $unset: { due_at: '', 'lease.last': '' },
    $inc: { attempts: -1, rev: 1 },
    ...lines([{ at: now, actor, event: 'lease_ended', lease_id: seen.lease!.id, ...noteOf({ note }) }]),
  };
}

/** The client's or an administrator's cancel. */
export function canceled(seen: Seen, { actor, now, note }: Cause): Update {
  return moved(seen, { to: ['CANCELED'], actor, now, lastError: 'CANCELED_BY_CLIENT', ...noteOf({ note }) });
}

/** Its holder, who may be sending it, is asked not to; what the holder tells then is what happened. */
export function recallAsked(seen: Seen, { actor, now }: Cause): Update {
  if (seen.status !== 'ASSIGNED' || !seen.lease) throw new Error('Nobody holds the message');
  return {
    $set: { recall: { at: now, actor }, updated_at: now },
    $inc: { rev: 1 },
    ...lines([{ at: now, actor, event: 'recalled', lease_id: seen.lease.id }]),
  };
}

/**
 * The holder has told that it certainly didn't send it and won't: who of its route is first gets it, under another id. It was one of the
 * attempts.
 */
export function returned(seen: Seen & Pick<MessageDoc, 'unsent'>, queue: string, { actor, now, note }: Cause): Update {
  if (seen.recall) return canceled(seen, { actor: seen.recall.actor, now, ...noteOf({ note }) });
  mustWait(seen);
  return {
    $set: { queue, ready: true, updated_at: now, unsent: (seen.unsent ?? 0) + 1, 'lease.ended_at': now },
    $unset: { due_at: '', ...noLongerWaiting(seen) },
    $inc: { rev: 1 },
    ...lines([{ at: now, actor, event: 'lease_ended', lease_id: seen.lease!.id, ...noteOf({ note }) }]),
  };
}

/** Its time has come: it can be claimed. One that a phone may have sent unasked, by no other phone. */
export function promoted(seen: Seen): Update {
  mustWait(seen);
  const queue = queueWhenDue(seen);
  const own = queue === seen.queue ? {} : { queue };
  return { $set: { ready: true, ...own }, $unset: { due_at: '', ...noLongerWaiting(seen) }, $inc: { rev: 1 } };
}

/** Where it waits once it is promoted. */
export function queueWhenDue({ lease, queue, tenant_id }: Pick<Seen, 'lease' | 'queue' | 'tenant_id'>): string {
  if (!mayBeSentUnasked(lease) || !isShared(queue)) return queue;
  return queueKey(tenant_id, { kind: 'agent', agentId: lease!.holder }, null);
}

export interface Delay extends Cause {
  /** Whether the lease was one of its attempts. */
  counts: boolean;
  /** What the message shows while it waits. */
  why?: Omit<Postponement, 'until'>;
}

/**
 * Not before `until`: it waits again, in nobody's hands. The holder says so (a provider refused it for now, so a call that was begun is
 * over), or whoever must be asked before it is leased.
 */
export function postponed(seen: Seen, until: Date, { counts, why, ...cause }: Delay): Update {
  if (seen.status !== 'PENDING' && seen.status !== 'ASSIGNED') throw new Error(`A ${seen.status} message can't wait`);
  const { actor, now } = cause;
  const lease = isLive(seen.lease, now) || callMayBeOut(seen.lease) ? seen.lease! : null;
  const spared = lease !== null && !counts;
  return {
    $set: {
      due_at: until,
      updated_at: now,
      ...(why ? { waiting: { until, ...why } } : {}),
      ...(lease ? { 'lease.ended_at': now } : {}),
    },
    $unset: {
      ready: '',
      ...(why ? {} : noLongerWaiting(seen)),
      ...(lease ? { 'lease.call_started_at': '' as const } : {}),
      ...(spared ? { 'lease.last': '' as const } : {}),
    },
    $inc: { rev: 1, ...(spared ? { attempts: -1 } : {}), ...(lease ? { delays: 1 } : {}) },
    ...lines([
      { at: now, actor, event: 'postponed', until, ...(lease ? { lease_id: lease.id } : {}), ...noteOf(cause) },
    ]),
  };
}

export interface Destination {
  route: string;
  queue: string;
  agentId: string | null;
}

/** It waits elsewhere. A lease is taken back, a pause ends, and it can be claimed at once; a schedule stays. */
export function rerouted(seen: Seen, { route, queue, agentId }: Destination, { actor, now }: Cause): Update {
  mustWait(seen);
  if (seen.recall) return canceled(seen, { actor: seen.recall.actor, now, note: `not reassigned to ${route}` });
  const isLeased = seen.lease && !seen.lease.ended_at;
  const isHeld = isLeased || seen.waiting;
  return {
    $set: {
      queue,
      route,
      agent_id: agentId,
      sim_slot: null,
      updated_at: now,
      ...(isHeld ? { ready: true } : {}),
      ...(isLeased ? { 'lease.ended_at': now } : {}),
    },
    ...(isHeld ? { $unset: { due_at: '' as const, ...noLongerWaiting(seen) } } : {}),
    $inc: { rev: 1 },
    ...lines([{ at: now, actor, event: 'reassigned', note: route }]),
  };
}

/** A line in the history that changes nothing else. */
export function noted({ actor, now, note }: Cause & { note: string }): Update {
  return { $inc: { rev: 1 }, ...lines([{ at: now, actor, event: 'noted', note }]) };
}

/** The same update with more fields; undefined removes one. Not for what the lifecycle keeps in step. */
export function withFields(update: Update, fields: Readonly<Record<string, unknown>>): Update {
  const entries = Object.entries(fields);
  if (entries.length === 0) return update;
  const set = entries.filter(([, value]) => value !== undefined);
  const unset = entries.filter(([, value]) => value === undefined).map(([field]) => [field, '' as const]);
  return {
    ...update,
    ...(set.length > 0 ? { $set: { ...update.$set, ...Object.fromEntries(set) } } : {}),
    ...(unset.length > 0 ? { $unset: { ...update.$unset, ...Object.fromEntries(unset) } } : {}),
  };
}

/** Its text is taken away. */
export function blanked(now: Date): Update {
  return { $set: { text: '', text_blanked_at: now }, $unset: { subject: '', masked_text: '' }, $inc: { rev: 1 } };
}

/** Only where there is something to remove: every claim and report makes these updates. */
function noLongerWaiting({ waiting }: Seen): { waiting?: '' } {
  return waiting ? { waiting: '' } : {};
}

function noLongerRecalled({ recall }: Seen): { recall?: '' } {
  return recall ? { recall: '' } : {};
}

function mustWait({ status, lease }: Seen): void {
  if (status !== 'PENDING' && status !== 'ASSIGNED') throw new Error(`A ${status} message waits for nobody`);
  if (callMayBeOut(lease)) throw new Error('The message may have gone out: nobody else may get it');
}

function noteOf({ note }: { note?: string | undefined }): { note?: string } {
  return note ? { note } : {};
}

function lines(entries: readonly HistoryEntry[]): Pick<Update, '$push'> {
  return { $push: { history: { $each: entries, $slice: -HISTORY_LENGTH } } };
}
