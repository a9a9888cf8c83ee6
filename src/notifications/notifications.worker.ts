import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import { later, MINUTE_MILLIS } from '../domain/time.js';
import type { Worker } from '../workers/worker.js';
import { Workers } from '../workers/workers.js';
import type { NotificationDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Spreading } from './spreading.js';
import { Withdrawal } from './withdrawal.js';

const EVERY_MILLIS = 1000;
const PAGE = 50;

/** Goes on with notifications whose audience doesn't have its messages yet: large ones, topics whose time has come, and what a gateway left. */
@Injectable()
export class NotificationsWorker {
  private readonly logger = new Logger(NotificationsWorker.name);
  private readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly notifications: NotificationsRepository,
    private readonly spreading: Spreading,
    private readonly withdrawal: Withdrawal,
    private readonly clock: Clock,
  ) {
    const work = (stopping: AbortSignal) => this.work(stopping);
    this.worker = workers.register({ name: 'notifications', everyMillis: EVERY_MILLIS, work });
  }

  run(): Promise<void> {
    return this.worker.run();
  }

  private async work(stopping: AbortSignal): Promise<void> {
    for (;;) {
      const page = await this.notifications.due(this.clock.now(), PAGE);
      for (const notification of page) {
        if (stopping.aborted) return;
        await this.tryToSpread(notification, stopping);
      }
      if (page.length < PAGE) return;
    }
  }

  /** One that can't be told keeps nobody else waiting. */
  private async tryToSpread(notification: NotificationDoc, stopping: AbortSignal): Promise<void> {
    try {
      if (notification.canceled_at) await this.withdrawal.finish(notification);
      else await this.spreading.spread(notification, () => stopping.aborted);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      this.logger.error({ err: error, tenant: notification.tenant_id }, `${notification._id} is told later`);
      await this.notifications.change(notification, { $set: { due_at: later(this.clock.now(), MINUTE_MILLIS) } });
    }
  }
}
