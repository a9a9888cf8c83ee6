import { Injectable } from '@nestjs/common';
import type { Client, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { actorOf } from '../domain/actor.js';
import { later } from '../domain/time.js';
import type { NotificationDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Settling } from './settling.js';
import { TURN_MILLIS } from './spreading.js';

const PAGE = 500;

/** Takes back what still waits of a notification. */
@Injectable()
export class Withdrawal {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly settling: Settling,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 409 that says what has left when there is nothing to take back. */
  async cancel(caller: Client | User, notification: NotificationDoc): Promise<void> {
    const { _id, tenant_id: tenant, due_at, canceled_at } = notification;
    const outcomes = await this.recipients.countByOutcome(tenant, _id);
    if (canceled_at) throw conflict('not_cancelable', 'The notification is canceled already.');
    if (!due_at && !outcomes['waiting']) throw tooLate(outcomes);
    const now = this.clock.now();
    const canceled = await this.notifications.changeOpen(notification, {
      // If this gateway dies over it, a worker goes on.
      $set: { canceled_at: now, canceled_by: actorOf(caller), due_at: later(now, TURN_MILLIS) },
    });
    if (!canceled) throw conflict('not_cancelable', 'The notification is canceled already.');
    await this.finish(canceled);
  }

  /** Goes through all of a canceled one's recipients; it can be repeated. */
  async finish(notification: NotificationDoc): Promise<void> {
    const { _id, tenant_id: tenant } = notification;
    let after: string | undefined;
    for (;;) {
      const page = await this.recipients.ofNotification(tenant, _id, { limit: PAGE, after });
      const open = page.filter(({ following }) => following !== undefined);
      await this.settling.settle(tenant, open);
      if (page.length < PAGE) break;
      after = page.at(-1)!._id;
    }
    await this.notifications.change(notification, { $unset: { audience: '', place: '', due_at: '' } });
  }
}

function tooLate(outcomes: Readonly<Record<string, number>>) {
  const left = Object.entries(outcomes).map(([outcome, n]) => ({ field: outcome, message: String(n) }));
  const told = left.map(({ field, message }) => `${message} ${field}`).join(', ');
  const message = `The notification can not be canceled: nothing of it waits any more (${told || 'nobody was in it'}).`;
  return conflict('not_cancelable', message, left);
}
