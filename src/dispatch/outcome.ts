import type { SendOutcome } from '../carriers/carrier.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { actorOf } from '../domain/actor.js';
import { later } from '../domain/time.js';
import type { Update } from '../database/query.js';
import type { Claimed } from '../messages/candidate.js';
import type { CarrierReport } from '../messages/carrier-reports.js';
import { moved, postponed, withFields } from '../messages/changes.js';
import { backOff } from './back-off.js';

export interface OutcomeOf {
  account: OpenAccount;
  outcome: SendOutcome;
  now: Date;
  /** After how many seconds the carrier is asked for a receipt that didn't come. */
  pollSeconds: number;
}

/** What the answer of a call does to its message, while that is as the dispatcher left it. */
export function outcomeUpdate(seen: Claimed, { account, outcome, now, pollSeconds }: OutcomeOf): Update {
  const actor = actorOf({ kind: 'carrier', id: account.name });
  switch (outcome.kind) {
    case 'accepted': {
      // Where no receipt can come, this is all that will ever be known.
      const to = outcome.receipts ? (['SENDING'] as const) : (['SENT'] as const);
      return withFields(moved(seen, { to, actor, now }), acceptedFields(account, outcome, now, pollSeconds));
    }
    case 'refused':
      return moved(seen, { to: ['FAILED'], actor, now, lastError: outcome.code, note: noteOf(outcome) });
    case 'later': {
      const until = backOff(now, seen.delays ?? 0, outcome.retry_after);
      const why = { code: outcome.code, reason: outcome.reason };
      return postponed(seen, until, { actor, now, note: noteOf(outcome), counts: false, why });
    }
    case 'unknown': {
      const carrier = { name: account.name, account: account.accountId };
      const note = `nobody knows whether it went out: ${outcome.reason}`;
      return withFields(moved(seen, { to: ['SENDING'], actor, now, note }), { carrier });
    }
  }
}

/**
 * The same when something has happened to the message in between: a receipt overtook the answer, or the lease ran out. Null: there is
 * nothing to add to that.
 */
export function lateReport(seen: Claimed, { account, outcome, now, pollSeconds }: OutcomeOf): CarrierReport | null {
  const attempt = { messageId: seen._id, leaseId: seen.lease!.id };
  const carrier = { name: account.name, account: account.accountId };
  switch (outcome.kind) {
    case 'accepted': {
      const due = receiptDue(account, outcome, now, pollSeconds);
      return {
        state: outcome.receipts ? 'sending' : 'sent',
        attempt,
        carrier: { ...carrier, ...(outcome.ref === null ? {} : { ref: outcome.ref }) },
        ...(due ? { receiptDueAt: due } : {}),
      };
    }
    case 'refused':
    // The lease ran out during the call, so that it counts as begun; now it is known that it did not go out.
    case 'later':
      return { state: 'failed', attempt, carrier, code: outcome.code, reason: outcome.reason };
    case 'unknown':
      return null;
  }
}

type Accepted = Extract<SendOutcome, { kind: 'accepted' }>;

function acceptedFields(account: OpenAccount, outcome: Accepted, now: Date, pollSeconds: number) {
  const due = receiptDue(account, outcome, now, pollSeconds);
  const { name, accountId } = account;
  return {
    carrier: { name, account: accountId, ...(outcome.ref === null ? {} : { ref: outcome.ref }) },
    ...(due ? { receipt_due_at: due } : {}),
  };
}

/** Also of what is SENT because no callback can come. */
function receiptDue({ carrier }: OpenAccount, { ref }: Accepted, now: Date, pollSeconds: number): Date | null {
  return ref !== null && carrier.fetchReceipt ? later(now, pollSeconds * 1000) : null;
}

function noteOf({ code, reason }: { code: string; reason: string }): string {
  return `${code}: ${reason}`;
}
