import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import type { TenantId } from '../common/tenant-id.js';
import { later, MINUTE_MILLIS } from '../domain/time.js';
import type { Candidate } from '../messages/candidate.js';
import { MessageEvents } from '../messages/message-events.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import type { RecipientDoc } from './notification.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Settling } from './settling.js';

const EVERY_MILLIS = 1000;
const PAGE = 500;
/** What is noted beyond this is found by its time. */
const MOST_NOTED = 100_000;

/**
 * Keeps recipients in step with their messages. Fast: what this gateway itself writes of a message is noted, and attended to within a
 * second. Safe: whoever waits is looked at from time to time, for another gateway may have written it, or this one may have died.
 */
@Injectable()
export class SettlingWorker {
  private readonly logger = new Logger(SettlingWorker.name);
  private readonly noted = new Map<TenantId, Set<string>>();
  private count = 0;
  private readonly fast: Worker;
  private readonly safe: Worker;

  constructor(
    workers: Workers,
    events: MessageEvents,
    private readonly recipients: RecipientsRepository,
    private readonly settling: Settling,
    private readonly clock: Clock,
  ) {
    events.watch((message, _from, to) => {
      if (to === 'SENT' || to === 'DELIVERED' || to === 'FAILED' || to === 'CANCELED') this.note(message);
    });
    events.watchOutcomes((message) => this.note(message));
    this.fast = workers.register({
      name: 'notification-outcomes',
      everyMillis: EVERY_MILLIS,
      inEachGateway: true,
      work: (stopping) => this.attend(stopping),
    });
    this.safe = workers.register({
      name: 'notification-looks',
      everyMillis: EVERY_MILLIS,
      work: (stopping) => this.look(stopping),
    });
  }

  async run(): Promise<void> {
    await this.fast.run();
    await this.safe.run();
  }

  private note({ _id, tenant_id, purpose }: Candidate): void {
    if (purpose !== 'notification' || this.count >= MOST_NOTED) return;
    const ids = this.noted.get(tenant_id) ?? new Set();
    this.noted.set(tenant_id, ids);
    if (!ids.has(_id)) this.count++;
    ids.add(_id);
  }

  private async attend(stopping: AbortSignal): Promise<void> {
    const noted = [...this.noted];
    this.noted.clear();
    this.count = 0;
    for (const [tenant, ids] of noted) {
      const all = [...ids];
      for (let from = 0; from < all.length; from += PAGE) {
        if (stopping.aborted) return;
        const page = await this.recipients.following(tenant, all.slice(from, from + PAGE));
        await this.settle(tenant, page);
      }
    }
  }

  private async look(stopping: AbortSignal): Promise<void> {
    for (;;) {
      const page = await this.recipients.due(this.clock.now(), PAGE);
      const byTenant = new Map<TenantId, RecipientDoc[]>();
      for (const row of page) byTenant.set(row.tenant_id, [...(byTenant.get(row.tenant_id) ?? []), row]);
      for (const [tenant, rows] of byTenant) {
        if (stopping.aborted) return;
        await this.settle(tenant, rows);
      }
      if (page.length < PAGE) return;
    }
  }

  /** One that can't be settled keeps nobody else waiting. */
  private async settle(tenant: TenantId, rows: readonly RecipientDoc[]): Promise<void> {
    try {
      await this.settling.settle(tenant, rows);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      for (const row of rows) await this.settleAlone(row);
    }
  }

  private async settleAlone(row: RecipientDoc): Promise<void> {
    try {
      await this.settling.settle(row.tenant_id, await this.recipients.byIds(row.tenant_id, [row._id]));
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      this.logger.error({ err: error, tenant: row.tenant_id }, `the outcome of ${row._id} is looked at later`);
      const [seen] = await this.recipients.byIds(row.tenant_id, [row._id]);
      const update = { $set: { look_at: later(this.clock.now(), MINUTE_MILLIS) } };
      if (seen) await this.recipients.changeEach([{ seen, update }]);
    }
  }
}
