import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { DuplicateKeyError, type Update } from '../database/query.js';
import { actorOf } from '../domain/actor.js';
import { decideReceipt, type ReceiptDecision, type ReceiptState } from '../domain/carrier-receipt.js';
import { cameToNothing } from '../domain/expiry.js';
import { isFinal } from '../domain/message-status.js';
import { moved, noted, told, withFields } from './changes.js';
import type { CarrierReference, MessageDoc } from './message.js';
import { MessagesRepository } from './messages.repository.js';

/** What a carrier tells of one text: in its answer, by a receipt, or when it is asked. */
export interface CarrierReport {
  /** Null: nothing that changes a status. */
  state: ReceiptState | null;
  carrier: CarrierReference;
  attempt: { messageId: string; leaseId: string } | null;
  code?: string | null;
  reason?: string | undefined;
  price?: { amount: string; currency: string } | undefined;
  /** When it is asked next; null: it isn't any more; absent: as before. */
  receiptDueAt?: Date | null;
  /** The carrier was asked for it. */
  asked?: true;
  /** When it is asked if it was to be asked never: the answer that would have said so got lost. */
  askFrom?: Date;
}

/** A race is only lost to somebody's write, so it ends. */
const TRIES = 100;

/** What carriers tell of messages. One compare-and-set each; a report that is repeated changes nothing. */
@Injectable()
export class CarrierReports {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly clock: Clock,
  ) {}

  /** Returns the message as it was before the report; null when no message of the tenant is known by it. */
  async apply(tenant: TenantId, report: CarrierReport): Promise<MessageDoc | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.find(tenant, report);
      if (!seen) return null;
      const update = updateFor(seen, report, this.clock.now());
      if (!update || (await this.write(seen, update))) return seen;
    }
    throw new Error('A carrier report lost every race for its message');
  }

  /** By our attempt first: a receipt can arrive before we know the carrier's id. */
  private async find(tenant: TenantId, { attempt, carrier }: CarrierReport): Promise<MessageDoc | null> {
    const own = attempt && (await this.messages.byId(tenant, attempt.messageId));
    if (own && wasAttempt(own, attempt.leaseId, carrier)) return own;
    return carrier.ref === undefined
      ? null
      : this.messages.byCarrierReference(tenant, { ...carrier, ref: carrier.ref });
  }

  private async write(seen: MessageDoc, update: Update): Promise<boolean> {
    try {
      return (await this.messages.change(seen, update)) !== null;
    } catch (error) {
      // The carrier gave one id to two texts: the first keeps it, the status of the second is still true.
      if (!(error instanceof DuplicateKeyError) || !update.$set?.['carrier']) throw error;
      const { carrier: _carrier, ...set } = update.$set;
      return (await this.messages.change(seen, { ...update, $set: set })) !== null;
    }
  }
}

/** Whether the message was sent under this lease by this carrier. */
function wasAttempt({ lease, history, holders }: MessageDoc, leaseId: string, { name }: CarrierReference): boolean {
  if (!holders.includes(holderOf(name))) return false;
  return lease?.id === leaseId || history.some((line) => line.lease_id === leaseId);
}

/** As leases name a carrier's dispatchers, in whichever gateway they run. */
export function holderOf(carrier: string): string {
  return `carrier:${carrier}`;
}

function updateFor(seen: MessageDoc, report: CarrierReport, now: Date): Update | null {
  const { state, carrier, attempt, reason } = report;
  const actor = actorOf({ kind: 'carrier', id: carrier.name });
  const code = report.code ?? undefined;
  const decision: ReceiptDecision = state
    ? decideReceipt(seen, state, attempt?.leaseId ?? null)
    : { result: 'unchanged' };
  const fields = fieldsFor(seen, report);
  const note = [code, reason].filter(Boolean).join(': ');
  switch (decision.result) {
    case 'updated': {
      const isOver = isFinal(decision.moves.at(-1)!);
      const update = moved(seen, {
        to: decision.moves,
        actor,
        now,
        ...(note ? { note } : {}),
        ...(state === 'failed' ? { lastError: code ?? 'FAILED' } : {}),
      });
      const { receipt_due_at: _due, ...rest } = fields;
      return withFields(
        update,
        isOver ? { ...rest, ...(seen.receipt_due_at ? { receipt_due_at: undefined } : {}) } : fields,
      );
    }
    case 'recorded': {
      const delivery = { outcome: decision.outcome, at: now, ...(code ? { code } : {}), ...(reason ? { reason } : {}) };
      return withFields(told(delivery, { actor, now }), fields);
    }
    case 'unchanged':
      if (decision.note) return withFields(noted({ actor, now, note: decision.note }), fields);
      return Object.keys(fields).length > 0 ? withFields({ $inc: { rev: 1 } }, fields) : null;
  }
}

/** What the report adds to the document; undefined removes a field. */
function fieldsFor(
  seen: MessageDoc,
  { carrier, price, receiptDueAt, asked, askFrom }: CarrierReport,
): Record<string, unknown> {
  // Nothing more can be told of it.
  const isOver = seen.status === 'DELIVERED' || cameToNothing(seen);
  const isNew = carrier.ref !== undefined && seen.carrier?.ref === undefined;
  return {
    ...(isNew || !seen.carrier ? { carrier } : {}),
    ...(price && !samePrice(price, seen.price) ? { price } : {}),
    ...(receiptDueAt && !isOver ? { receipt_due_at: receiptDueAt } : {}),
    ...(askFrom && isNew && !isOver && !seen.receipt_due_at ? { receipt_due_at: askFrom } : {}),
    ...(asked ? { receipt_checks: (seen.receipt_checks ?? 0) + 1 } : {}),
    ...((receiptDueAt === null || isOver) && seen.receipt_due_at ? { receipt_due_at: undefined } : {}),
  };
}

function samePrice(a: { amount: string; currency: string }, b: { amount: string; currency: string } | undefined) {
  return b !== undefined && a.amount === b.amount && a.currency === b.currency;
}
