import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import pLimit from 'p-limit';
import { Clock } from '../../common/clock.js';
import type { TenantId } from '../../common/tenant-id.js';
import { later } from '../../domain/time.js';
import type { Worker } from '../../workers/worker.js';
import { Workers } from '../../workers/workers.js';
import { UnknownTextCare } from './unknown-text-care.js';
import type { UnknownTextDoc } from './unknown-text.js';
import { UnknownTextsRepository } from './unknown-texts.repository.js';

const EVERY_MILLIS = 1000;
const PAGE = 50;
/** Calls of one tenant's hook at a time. */
const AT_ONCE = 4;
/** Longer than anybody is at one text who is alive; a session that was being opened then is undone by its end. */
const HOLD_MILLIS = 90_000;
const BEHIND_MILLIS = 1000;

/** Asks the tenants' hooks. Each tenant has a lane of its own, so that a slow hook holds up nobody else. */
@Injectable()
export class UnknownTextsWorker implements OnModuleDestroy {
  private readonly logger = new Logger(UnknownTextsWorker.name);
  private readonly lanes = new Map<TenantId, Promise<void>>();
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly repository: UnknownTextsRepository,
    private readonly care: UnknownTextCare,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'unknown texts', everyMillis: EVERY_MILLIS, work });
  }

  wake(): void {
    this.worker.wake();
  }

  /** One turn: starts lanes, and doesn't wait for them. */
  run(): Promise<void> {
    return this.worker.run();
  }

  /** Until no lane has anything left to do. */
  async settled(): Promise<void> {
    await Promise.all(this.lanes.values());
  }

  /** The turns have ended, and so no lane starts. */
  onModuleDestroy(): Promise<void> {
    return this.settled();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    const now = this.clock.now();
    let tenant = await this.repository.nextTenant(null, now);
    for (; tenant && !stopping.aborted; tenant = await this.repository.nextTenant(tenant, now)) {
      const own = tenant;
      if (this.lanes.has(own)) continue;
      const lane = this.lane(own, stopping)
        .catch((error: unknown) => this.logger.error({ err: error, tenant: own }, 'texts wait for the next turn'))
        .finally(() => this.lanes.delete(own));
      this.lanes.set(own, lane);
    }
  }

  private async lane(tenant: TenantId, stopping: AbortSignal): Promise<void> {
    const limit = pLimit(AT_ONCE);
    while (!stopping.aborted) {
      const page = await this.repository.due(tenant, this.clock.now(), PAGE);
      if (page.length === 0) return;
      const heads = page.filter(({ side }, i) => page.findIndex((one) => one.side === side) === i);
      await Promise.all(heads.map((text) => limit(() => this.attend(text, stopping))));
    }
  }

  private async attend(seen: UnknownTextDoc, stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    const now = this.clock.now();
    const first = await this.repository.firstOf(seen.tenant_id, seen.side);
    if (first && first._id !== seen._id) return void (await this.repository.putOff(seen, later(now, BEHIND_MILLIS)));
    const due_at = later(now, HOLD_MILLIS);
    if (await this.repository.putOff(seen, due_at)) await this.care.attend({ ...seen, due_at }, stopping);
  }
}
