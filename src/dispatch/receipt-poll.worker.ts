import { Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { withCallSignal } from '../common/call-signal.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { QueueRepository, type ReceiptDue } from '../messages/queue.repository.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { Receipts } from './receipts.js';

const EVERY_MILLIS = 1000;
const PAGE = 100;
/** Questions at the same time: a few, since texts go first. */
const AT_ONCE = 4;
const CALL_MILLIS = 10_000;
const LONGEST_PAUSE_SECONDS = 3600;

/**
 * Asks carriers what became of texts of which nothing final was heard: receipts get lost. Each text is asked for after
 * RECEIPT_POLL_SECONDS, then after twice as long each time up to an hour, for a day.
 */
@Injectable()
export class ReceiptPollWorker {
  private readonly logger = new Logger(ReceiptPollWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly queues: QueueRepository,
    private readonly accounts: CarrierAccounts,
    private readonly receipts: Receipts,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.worker = workers.register({
      name: 'receipts',
      everyMillis: EVERY_MILLIS,
      rest: 1,
      work: (stopping) => this.work(stopping),
    });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const due = await this.queues.receiptsDue(this.clock.now(), PAGE);
    const limit = pLimit(AT_ONCE);
    await Promise.all(
      due.map((message) =>
        limit(async () => {
          if (stopping.aborted) return;
          // One that fails is asked for again at the next turn; it keeps no other waiting.
          await this.ask(message, stopping).catch((error: unknown) => {
            this.logger.error({ err: error }, `could not ask what became of ${message._id}`);
          });
        }),
      ),
    );
  }

  private async ask(message: ReceiptDue, stopping: AbortSignal): Promise<void> {
    const { name, account: accountId, ref } = message.carrier!;
    const of = { tenant: message.tenant_id, carrier: name, accountId };
    const nothing = { kind: 'receipt', ref: ref!, attempt: null, state: 'none', status: '', code: null } as const;
    const account = await this.accounts.find(message.tenant_id, name);
    // The account is gone or another one: nobody can be asked any more.
    if (account?.accountId !== accountId || !account.carrier.fetchReceipt) {
      await this.receipts.apply(of, nothing, { receiptDueAt: null });
      return;
    }
    const { carrier } = account;
    const receipt = await withCallSignal(CALL_MILLIS, stopping, (signal) => carrier.fetchReceipt!(ref!, signal));
    if (stopping.aborted) return;
    const told = typeof receipt === 'string' ? nothing : receipt;
    await this.receipts.apply(of, told, { receiptDueAt: receipt === 'none' ? null : this.next(message), asked: true });
  }

  /** Null: a day is over. */
  private next({ lease, created_at, receipt_checks = 0 }: ReceiptDue): Date | null {
    const seconds = Math.min(this.config.RECEIPT_POLL_SECONDS * 2 ** (receipt_checks + 1), LONGEST_PAUSE_SECONDS);
    const at = later(this.clock.now(), seconds * 1000);
    return at > later(lease?.at ?? created_at, DAY_MILLIS) ? null : at;
  }
}
