import { Injectable } from '@nestjs/common';
import type { NotificationDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Settling } from './settling.js';

const PAGE = 500;

/** Takes back what still waits of a notification that was canceled. It can be repeated. */
@Injectable()
export class Withdrawal {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly settling: Settling,
  ) {}

  async finish(notification: NotificationDoc): Promise<void> {
    const { _id, tenant_id: tenant } = notification;
    let after: string | undefined;
    for (;;) {
      const page = await this.recipients.ofNotification(tenant, _id, { limit: PAGE, after });
      await this.settling.settle(
        tenant,
        page.filter(({ following }) => following !== undefined),
      );
      if (page.length < PAGE) break;
      after = page.at(-1)!._id;
    }
    await this.notifications.change(notification, { $unset: { audience: '', place: '', due_at: '' } });
  }
}
