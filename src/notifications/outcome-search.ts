import { Injectable } from '@nestjs/common';
import { cursorAt, cursorId, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import type { NotificationDoc, RecipientOutcome } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';

export interface OutcomeFilter {
  outcome: RecipientOutcome;
  client_id?: string | undefined;
  topic?: string | undefined;
}

/** So many reads of recipients a call makes; whoever gets a page that isn't full, with a `next`, goes on from there. */
const MOST_READS = 40;

/** Notifications by what became of somebody in them, from the index over recipients' outcomes. */
@Injectable()
export class OutcomeSearch {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
  ) {}

  /** Newest first. */
  async page(tenant: TenantId, filter: OutcomeFilter, page: Page): Promise<{ rows: NotificationDoc[]; next?: string }> {
    const rows: NotificationDoc[] = [];
    let before = cursorId(page);
    let left = page.skip;
    for (let reads = 0; reads < MOST_READS; reads++) {
      const ids = await this.recipients.notificationsWith(tenant, filter.outcome, before);
      if (ids.length === 0) return { rows };
      const found = new Map((await this.notifications.byIds(tenant, ids)).map((one) => [one._id, one]));
      for (const id of ids) {
        before = id;
        const notification = found.get(id);
        if (!notification || !matches(notification, filter) || left-- > 0) continue;
        rows.push(notification);
        if (rows.length === page.limit) return { rows, next: cursorAt(id) };
      }
    }
    return { rows, next: cursorAt(before!) };
  }
}

function matches(notification: NotificationDoc, { client_id, topic }: OutcomeFilter): boolean {
  return (
    (client_id === undefined || notification.client_id === client_id) &&
    (topic === undefined || notification.topic === topic)
  );
}
