import { Injectable, Logger } from '@nestjs/common';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { CarrierInbox } from '../carriers/carrier-inbox.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { withCallSignal } from '../common/call-signal.js';
import { Clock } from '../common/clock.js';
import { MINUTE_MILLIS, later } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import { ReadMarksRepository } from './read-marks.repository.js';

const EVERY_MILLIS = MINUTE_MILLIS;
/** Of an account; a gateway that starts after a downtime reads at its first turn. */
const PAUSE_MILLIS = 10 * MINUTE_MILLIS;
/** Read again, since a provider's list may lag and its clock differ. What was stored before is stored once. */
const OVERLAP_MILLIS = 5 * MINUTE_MILLIS;
const CALL_MILLIS = 60_000;

/**
 * Reads received texts from the lists that providers keep: a callback that found nobody is not made again for long, so what came during a
 * downtime of ours, or got lost, is there alone.
 */
@Injectable()
export class MissedTextsWorker {
  private readonly logger = new Logger(MissedTextsWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly accounts: CarrierAccounts,
    private readonly inbox: CarrierInbox,
    private readonly marks: ReadMarksRepository,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'missed texts', everyMillis: EVERY_MILLIS, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    for (const account of await this.accounts.all()) {
      if (stopping.aborted) return;
      await this.read(account, stopping).catch((error: unknown) => {
        const { name: carrier, tenant } = account;
        this.logger.error({ err: error, carrier, tenant }, 'could not read the received texts of an account');
      });
    }
  }

  private async read(account: OpenAccount, stopping: AbortSignal): Promise<void> {
    const { carrier, tenant, name, accountId } = account;
    if (!carrier.fetchInbound) return;
    const now = this.clock.now();
    const readUntil = await this.marks.get(account);
    // What a new account received before it was ours is none of our business.
    if (!readUntil) return this.marks.set(account, now);
    if (now.getTime() - readUntil.getTime() < PAUSE_MILLIS) return;
    const since = later(readUntil, -OVERLAP_MILLIS);
    const texts = await withCallSignal(CALL_MILLIS, stopping, (signal) => carrier.fetchInbound!(since, signal));
    if (!texts) return;
    await this.inbox.put(texts.map((event) => ({ tenant, carrier: name, accountId, event })));
    await this.marks.set(account, now);
  }
}
