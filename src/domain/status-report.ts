import { isStronger, type Outcome } from './delivery.js';
import { isUnconfirmed } from './expiry.js';
import { isLive, type Lease } from './lease.js';
import { canMove, type MessageStatus } from './message-status.js';

/** What the decision needs to know of a message. */
export interface ReportedMessage {
  status: MessageStatus;
  last_error: string | null;
  delivery?: { outcome: Outcome };
  /** Who told that it was sent. */
  sender?: string | null;
  /** The agent it was assigned to at acceptance or by its last lease. */
  agent_id: string | null;
  lease?: Lease | null;
  /** Every agent that ever leased it. */
  holders: readonly string[];
  /** Present while its holder is asked not to send it. */
  recall?: object | undefined;
  unsent?: number | undefined;
}
export interface Report {
  reporter: string;
  status: MessageStatus;
  lease_id?: string | undefined;
  /** The reporter speaks an app's protocol, which tells what has happened, in any order, and never asks. */
  unasked?: boolean | undefined;
  /** With FAILED: it certainly has not been sent, and this phone won't send it under the id that it had. */
  not_sent?: boolean | undefined;
  /** What `unsent` of the message was when the phone was given it. */
  unsent?: number | undefined;
}
export type ReportDecision =
  | { result: 'updated'; moves: readonly MessageStatus[] }
  /** The lease ends: it may be leased anew, by anybody. */
  | { result: 'returned' }
  /** `note`: worth a line in the history although nothing changes. */
  | { result: 'unchanged'; note?: string }
  /** The status stays; what it can't say is kept in `delivery`, which says `recorded` then. */
  | { result: 'unchanged'; recorded: Outcome; isNew: boolean }
  | { result: 'conflict' }
  | { result: 'unknown' };

const CONFLICT: ReportDecision = { result: 'conflict' };

/**
 * What a phone's report does. SENDING is asking, and only the present holder is granted it: the answer `updated` is what lets a
 * phone hand the text to the radio. SENT and DELIVERED are telling and are believed from a former holder too. A former holder's
 * FAILED changes nothing, since another phone is at it. What comes after the status can follow is recorded beside it: that a text went
 * out after all, or was not delivered after it was sent.
 */
export function decideReport(message: ReportedMessage, report: Report, now: Date): ReportDecision {
  if (!isConcerned(message, report.reporter)) return { result: 'unknown' };
  if (report.status === 'SENDING') return decideSending(message, report, now);
  if (report.status === 'CANCELED') return decideCanceled(message, report);
  if (report.not_sent && message.status === 'ASSIGNED' && message.lease && isAtIt(message, report)) {
    return message.lease.last ? { result: 'updated', moves: ['FAILED'] } : { result: 'returned' };
  }
  const outcome = outcomeOf(message, report);
  if (outcome) return record(outcome, message.delivery?.outcome);
  if (report.status === message.status) return { result: 'unchanged' };
  if (report.status === 'DELIVERED' && mayHaveSkipped(message, report))
    return { result: 'updated', moves: ['SENT', 'DELIVERED'] };
  if (report.status === 'ASSIGNED' || !canMove(message.status, report.status)) return CONFLICT;
  if (report.status === 'FAILED' && !isAtIt(message, report)) {
    return { result: 'unchanged', note: 'FAILED from a former holder' };
  }
  return { result: 'updated', moves: [report.status] };
}

function decideSending(message: ReportedMessage, report: Report, now: Date): ReportDecision {
  const { lease, status } = message;
  if (status === 'PENDING') {
    return message.agent_id === report.reporter ? { result: 'updated', moves: ['SENDING'] } : CONFLICT;
  }
  if (lease?.holder !== report.reporter || (report.lease_id && report.lease_id !== lease.id)) return CONFLICT;
  if (status === 'SENDING') return { result: 'unchanged' };
  if (report.unasked && status === 'ASSIGNED' && !lease.ended_at) return { result: 'updated', moves: ['SENDING'] };
  return status === 'ASSIGNED' && isLive(lease, now) ? { result: 'updated', moves: ['SENDING'] } : CONFLICT;
}

/** Only the holder of a message that was recalled ends it so; no other report can. */
function decideCanceled(message: ReportedMessage, { reporter }: Report): ReportDecision {
  if (message.status === 'CANCELED') return { result: 'unchanged' };
  const isRecalled = message.status === 'ASSIGNED' && message.recall && message.lease?.holder === reporter;
  return isRecalled ? { result: 'updated', moves: ['CANCELED'] } : CONFLICT;
}

function mayHaveSkipped({ status }: ReportedMessage, { unasked }: Report): boolean {
  return status === 'SENDING' || (status === 'ASSIGNED' && unasked === true);
}

function outcomeOf(message: ReportedMessage, report: Report): Outcome | null {
  if (report.status === 'FAILED') {
    const wasSent = message.status === 'SENT' || message.delivery !== undefined;
    return wasSent && message.sender === report.reporter ? 'undelivered' : null;
  }
  if (!isUnconfirmed(message)) return null;
  if (report.status === 'SENT') return 'sent';
  return report.status === 'DELIVERED' ? 'delivered' : null;
}

function record(outcome: Outcome, known: Outcome | undefined): ReportDecision {
  const isNew = isStronger(outcome, known);
  return { result: 'unchanged', recorded: isNew ? outcome : known!, isNew };
}

function isConcerned(message: ReportedMessage, agent: string): boolean {
  return message.agent_id === agent || message.lease?.holder === agent || message.holders.includes(agent);
}

/** Whether the reporter is the last one that took it (a lease that merely ran out has nobody else at it). */
function isAtIt(message: ReportedMessage, report: Report): boolean {
  const { lease } = message;
  if (report.unsent !== undefined && report.unsent !== (message.unsent ?? 0)) return false;
  if (!lease) return message.agent_id === report.reporter;
  return lease.holder === report.reporter && !lease.ended_at && (!report.lease_id || report.lease_id === lease.id);
}
