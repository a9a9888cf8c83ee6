import type { Update } from '../database/query.js';
import { isLive } from '../domain/lease.js';
import { canMove, isFinal, type MessageStatus } from '../domain/message-status.js';
import type { HistoryEntry, MessageDoc } from './message.js';

/** Enough for every attempt, its moves and some noise; a phone that repeats itself can't grow a document without end. */
export const HISTORY_LENGTH = 100;

export interface Move {
  to: readonly MessageStatus[];
  actor: string;
  now: Date;
  /** When it happened, if a phone tells later. */
  at?: Date;
  lastError?: string | null;
  note?: string;
  extra?: Record<string, unknown>;
}

/**
 * The one write that changes `status`. It keeps the times, the history and the waiting lists in step: a message that left PENDING
 * and ASSIGNED waits for nobody, and one that is through (SENT or final) can't expire and is in nobody's hands.
 * @throws Error when a move is not of the lifecycle: the callers decide, this checks.
 */
export function moveUpdate(message: Pick<MessageDoc, 'status' | 'lease'>, move: Move): Update {
  const at = move.at ?? move.now;
  const set: Record<string, unknown> = { updated_at: move.now, ...move.extra };
  const history: HistoryEntry[] = [];
  let status = message.status;
  for (const to of move.to) {
    if (!canMove(status, to)) throw new Error(`No message moves from ${status} to ${to}`);
    history.push({
      at: move.now,
      actor: move.actor,
      event: 'moved',
      from: status,
      to,
      ...(message.lease ? { lease_id: message.lease.id } : {}),
      ...(move.at ? { reported_at: move.at } : {}),
      ...(move.note ? { note: move.note } : {}),
    });
    if (to === 'SENT') set['sent_at'] = at;
    if (to === 'DELIVERED') set['delivered_at'] = at;
    if (to === 'FAILED') set['failed_at'] = at;
    status = to;
  }
  set['status'] = status;
  if (move.lastError !== undefined) set['last_error'] = move.lastError;
  const through = status === 'SENT' || isFinal(status);
  if (through && isLive(message.lease, move.now)) set['lease.ended_at'] = move.now;
  return {
    $set: set,
    $unset: { ready: '', due_at: '', ...(through ? { fails_at: '' as const } : {}) },
    $inc: { rev: 1 },
    $push: { history: { $each: history, $slice: -HISTORY_LENGTH } },
  };
}

/** A line in the history that changes nothing else. */
export function noteUpdate(actor: string, now: Date, note: string): Update {
  const entry: HistoryEntry = { at: now, actor, event: 'noted', note };
  return { $inc: { rev: 1 }, $push: { history: { $each: [entry], $slice: -HISTORY_LENGTH } } };
}
