import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Update } from '../database/query.js';
import { actorOf } from '../domain/actor.js';
import type { Delivery, Outcome } from '../domain/delivery.js';
import { reportableMoves, type MessageStatus } from '../domain/message-status.js';
import { parseRoute, queueKey } from '../domain/route.js';
import { decideReport, type ReportDecision } from '../domain/status-report.js';
import { canceled, moved, noted, returned, told } from './changes.js';
import { senderOf, type MessageDoc } from './message.js';
import { MessagesRepository } from './messages.repository.js';

export interface StatusReport {
  message_id: string;
  status: MessageStatus;
  error?: { code?: string | null | undefined; message?: string | null | undefined } | null | undefined;
  reported_at?: Date | undefined;
  lease_id?: string | null | undefined;
  /** See `domain/status-report`. */
  unasked?: boolean;
  not_sent?: boolean;
  unsent?: number;
}
export interface ReportResult {
  message_id: string;
  result: Exclude<ReportDecision['result'], 'returned'>;
  /** The status after the report; null when the message isn't the reporter's. */
  status: MessageStatus | null;
  /** On a conflict: what could be reported from here. */
  allowed?: MessageStatus[];
  /** What the message's `delivery` says, where the status couldn't follow the report. */
  recorded?: Outcome;
}

/**
 * A race is only lost to somebody's write, so it ends. Twenty reports of one message at once that all leave a note, for instance a phone's
 * that repeats itself, need up to twenty.
 */
const TRIES = 100;

/** What phones tell of their messages. Each report is one compare-and-set, made side by side with the others of its batch. */
@Injectable()
export class StatusReports {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly clock: Clock,
  ) {}

  /** Results stand in the order of the reports. Several reports of one message are taken in their order. */
  async apply(tenant: TenantId, reporter: string, reports: readonly StatusReport[]): Promise<ReportResult[]> {
    const results = new Array<ReportResult>(reports.length);
    for (const wave of inWaves(reports)) {
      let left = wave;
      for (let attempt = 0; attempt < TRIES && left.length > 0; attempt++) {
        left = await this.applyOnce(tenant, reporter, reports, left, results);
      }
      if (left.length > 0) throw new Error(`${left.length} reports lost every race for their messages`);
    }
    return results;
  }

  /** Answers the positions that lost a race and have to be decided anew. */
  private async applyOnce(
    tenant: TenantId,
    reporter: string,
    reports: readonly StatusReport[],
    positions: readonly number[],
    results: ReportResult[],
  ): Promise<number[]> {
    const found = await this.messages.byIds(tenant, [...new Set(positions.map((i) => reports[i]!.message_id))]);
    const byId = new Map(found.map((message) => [message._id, message]));
    const now = this.clock.now();
    const changes: { position: number; seen: MessageDoc; update: Update }[] = [];
    for (const position of positions) {
      const report = reports[position]!;
      const seen = byId.get(report.message_id);
      const decision: ReportDecision = seen
        ? decideReport({ ...seen, sender: senderOf(seen) }, { reporter, ...asked(report) }, now)
        : { result: 'unknown' };
      results[position] = resultOf(report.message_id, decision, seen);
      const update = seen && updateFor(seen, report, reporter, decision, now);
      if (update) changes.push({ position, seen, update });
    }
    const made = await this.messages.changeEach(changes);
    return changes.filter((_, i) => !made[i]).map(({ position }) => position);
  }
}

function asked({ status, lease_id, unasked, not_sent, unsent }: StatusReport) {
  return { status, lease_id: lease_id ?? undefined, unasked, not_sent, unsent };
}

function updateFor(
  seen: MessageDoc,
  report: StatusReport,
  reporter: string,
  decision: ReportDecision,
  now: Date,
): Update | null {
  const actor = actorOf({ kind: 'agent', id: reporter });
  const error = report.error?.code || report.error?.message || null;
  const at = report.reported_at ? plausible(report.reported_at, seen, now) : undefined;
  if (decision.result === 'unchanged' && 'recorded' in decision) {
    if (!decision.isNew) return null;
    return told(deliveryOf(decision.recorded, report, at ?? now), { actor, now, ...(at ? { reportedAt: at } : {}) });
  }
  if (decision.result === 'unchanged' && decision.note) {
    return noted({ actor, now, note: error ? `${decision.note}: ${error}` : decision.note });
  }
  if (decision.result === 'returned')
    return returned(seen, queueOf(seen), { actor, now, ...(error ? { note: error } : {}) });
  if (decision.result !== 'updated') return null;
  const to = decision.moves.at(-1)!;
  if (to === 'CANCELED') return canceled(seen, { actor, now });
  return moved(seen, {
    to: decision.moves,
    actor,
    now,
    ...(at ? { at } : {}),
    ...(to === 'FAILED' ? { lastError: error ?? 'FAILED' } : {}),
    ...(to === 'FAILED' && report.error?.message ? { note: report.error.message } : {}),
    extra: leaseAfter(seen, reporter, to, now),
  });
}

/** Where its route says that it waits. */
function queueOf({ tenant_id, route, sim_slot }: MessageDoc): string {
  return queueKey(tenant_id, parseRoute(route)!, sim_slot);
}

function deliveryOf(outcome: Outcome, { error }: StatusReport, at: Date): Delivery {
  return {
    outcome,
    at,
    ...(outcome === 'undelivered' && error?.code ? { code: error.code } : {}),
    ...(outcome === 'undelivered' && error?.message ? { reason: error.message } : {}),
  };
}

/** SENDING straight from PENDING makes the reporter the holder. */
function leaseAfter(seen: MessageDoc, reporter: string, to: MessageStatus, now: Date): Record<string, unknown> {
  if (to !== 'SENDING' || seen.lease) return {};
  const lease = {
    id: newId('lea'),
    holder: reporter,
    at: now,
    expires_at: now,
    ...(seen.sim_slot === null ? {} : { sim_slot: seen.sim_slot }),
  };
  return { lease, holders: [reporter], attempts: seen.attempts + 1 };
}

/** A phone that was offline tells when it really was; one whose clock is off is not believed. */
function plausible(reported: Date, seen: MessageDoc, now: Date): Date {
  return reported >= seen.created_at && reported <= now ? reported : now;
}

function resultOf(id: string, decision: ReportDecision, seen: MessageDoc | undefined): ReportResult {
  if (!seen || decision.result === 'unknown') return { message_id: id, result: 'unknown', status: null };
  const status = decision.result === 'updated' ? decision.moves.at(-1)! : seen.status;
  return {
    message_id: id,
    result: decision.result === 'returned' ? 'updated' : decision.result,
    status,
    ...(decision.result === 'conflict' ? { allowed: reportableMoves(seen.status) } : {}),
    ...('recorded' in decision ? { recorded: decision.recorded } : {}),
  };
}

/** Positions grouped so that no group has one message twice. */
function inWaves(reports: readonly StatusReport[]): number[][] {
  const waves: number[][] = [];
  const seen = new Map<string, number>();
  reports.forEach((report, position) => {
    const wave = seen.get(report.message_id) ?? 0;
    seen.set(report.message_id, wave + 1);
    (waves[wave] ??= []).push(position);
  });
  return waves;
}
