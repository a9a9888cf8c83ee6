import { Injectable, Logger } from '@nestjs/common';
import { attemptId, type SendOutcome } from '../carriers/carrier.js';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { RecipientEvents } from '../carriers/recipient-events.js';
import { withCallSignal } from '../common/call-signal.js';
import { Clock } from '../common/clock.js';
import { Pause } from '../common/pause.js';
import { Config } from '../config/load-config.js';
import type { Claimed } from '../messages/candidate.js';
import { CarrierReports } from '../messages/carrier-reports.js';
import { callStarted } from '../messages/changes.js';
import { QueueRepository } from '../messages/queue.repository.js';
import { CarrierCalls } from './carrier-calls.js';
import { backOff } from './back-off.js';
import { lateReport, outcomeUpdate, type OutcomeOf } from './outcome.js';

/** Shorter than a lease, so that the answer of a call is written while its message is still ours. */
const CALL_MILLIS = 20_000;
/** How often an answer is written that the store doesn't take: without it nobody would know the carrier's id. */
const WRITES = 10;
const PAUSE_MILLIS = 1000;

/** One attempt to send one leased message: the marker, the call, and what came of it. */
@Injectable()
export class Attempts {
  private readonly logger = new Logger(Attempts.name);

  constructor(
    private readonly queues: QueueRepository,
    private readonly reports: CarrierReports,
    private readonly accounts: CarrierAccounts,
    private readonly recipients: RecipientEvents,
    private readonly calls: CarrierCalls,
    private readonly pause: Pause,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Null: it was not called, since somebody else has changed the message. `stopping` ends a call that takes too long for a stop. */
  async make(account: OpenAccount, leased: Claimed, stopping: AbortSignal): Promise<SendOutcome | null> {
    const now = this.clock.now();
    const [marked] = await this.queues.changeEach([{ seen: leased, update: callStarted(leased, now) }]);
    if (!marked) return null;
    const seen = { ...leased, rev: leased.rev + 1, lease: { ...leased.lease!, call_started_at: now } };
    const began = performance.now();
    const outcome = await withCallSignal(CALL_MILLIS, stopping, (signal) => this.call(account, seen, signal));
    this.calls.made(account, outcome, (performance.now() - began) / 1000);
    await this.settle(seen, { account, outcome, now: this.clock.now(), pollSeconds: this.config.RECEIPT_POLL_SECONDS });
    return outcome;
  }

  private async call(account: OpenAccount, seen: Claimed, signal: AbortSignal): Promise<SendOutcome> {
    try {
      return await account.carrier.send(
        {
          attempt: attemptId(seen._id, seen.lease!.id),
          channel: seen.channel ?? 'sms',
          to: seen.to,
          from: seen.from ?? null,
          ...(seen.subject === undefined ? {} : { subject: seen.subject }),
          text: seen.text,
          ...(seen.unsubscribe_url ? { unsubscribeUrl: seen.unsubscribe_url } : {}),
        },
        signal,
      );
    } catch (error) {
      // An adapter doesn't throw for a provider, so this is a mistake of ours; the text may have gone out before it.
      this.logger.error({ err: error, carrier: account.name }, `the adapter failed while it sent ${seen._id}`);
      return { kind: 'unknown', reason: 'the adapter failed' };
    }
  }

  /** Ends only once the answer is written, or the store has failed for too long; then the lease says that the call was begun. */
  private async settle(seen: Claimed, of: OutcomeOf): Promise<void> {
    for (let write = 1; ; write++) {
      try {
        await this.write(seen, of);
        return await this.tell(seen, of);
      } catch (error) {
        if (write === WRITES) throw error;
        this.logger.warn({ err: error }, `could not write what became of ${seen._id}; the write is retried`);
        await this.pause.for(PAUSE_MILLIS);
      }
    }
  }

  private async write(seen: Claimed, of: OutcomeOf): Promise<void> {
    const [made] = await this.queues.changeEach([{ seen, update: outcomeUpdate(seen, of) }]);
    const report = made ? null : lateReport(seen, of);
    if (report) await this.reports.apply(seen.tenant_id, report);
  }

  private async tell(seen: Claimed, { account, outcome, now }: OutcomeOf): Promise<void> {
    if (outcome.kind === 'later' && outcome.account) {
      await this.accounts.hold(account, backOff(now, 0, outcome.retry_after ?? 60), outcome.code, outcome.reason);
    }
    if (outcome.kind !== 'refused' || (!outcome.opt_out && !outcome.dead_address)) return;
    await this.recipients.tell({
      tenant: account.tenant,
      kind: outcome.opt_out ? 'opted_out' : 'dead_address',
      channel: seen.channel ?? 'sms',
      address: seen.to,
      sender: seen.from ?? account.sender,
      carrier: account.name,
      code: outcome.code,
      at: now,
      sent_at: seen.lease?.call_started_at ?? now,
    });
  }
}
