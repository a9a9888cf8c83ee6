import { Injectable } from '@nestjs/common';
import { later } from '../domain/time.js';
import { Clock } from '../common/clock.js';
import { Audiences } from './audiences.js';
import type { NotificationDoc, RecipientDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Plans } from './plans.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Sending, type ToSend } from './sending.js';
import { Settling } from './settling.js';
import { WayRoutes } from './way-routes.js';

const PAGE = 500;
/** Whoever goes through an audience has this long for a page; then a worker goes on from the last one. */
export const TURN_MILLIS = 30_000;

/**
 * Gives everybody in a notification's audience their messages. Every step can be repeated: recipients and messages have the same ids each
 * time, and what a recipient was planned to get stays so, whatever has changed since.
 *
 *   plan a page -> store its recipients -> store their messages -> store how far it is -> ... -> the notification is through
 */
@Injectable()
export class Spreading {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly audiences: Audiences,
    private readonly plans: Plans,
    private readonly sending: Sending,
    private readonly settling: Settling,
    private readonly routes: WayRoutes,
    private readonly clock: Clock,
  ) {}

  /** Until everybody has theirs, or it was canceled, or the gateway stops; returns the ids of the messages of this call. */
  async spread(notification: NotificationDoc, isOver: () => boolean = () => false): Promise<string[]> {
    const ids: string[] = [];
    let seen: NotificationDoc | null = notification;
    while (seen && !isOver()) {
      const { audience, place } = await this.audiences.page(seen, PAGE);
      const routes = await this.routes.of(seen.tenant_id);
      const stored = await this.recipients.insertMissing(await this.plans.of(seen, audience, routes));
      ids.push(...(await this.sending.send(seen, stored.filter(isUntouched).map(atFirst), routes)));
      const next: NotificationDoc | null = await this.notifications.changeOpen(
        seen,
        place === null
          ? { $unset: { audience: '', place: '', due_at: '' } }
          : { $set: { place, due_at: later(this.clock.now(), TURN_MILLIS) } },
      );
      // It was canceled while this page was made, and whoever canceled it may not have seen the page.
      if (!next) await this.settling.settle(seen.tenant_id, stored);
      if (place === null) break;
      seen = next;
    }
    return ids;
  }
}

/** Whoever was told already, and went on from there, gets nothing of their first way again. */
function isUntouched({ rev, outcome }: RecipientDoc): boolean {
  return rev === 1 && outcome === 'waiting';
}

function atFirst(recipient: RecipientDoc): ToSend {
  return { recipient, attempts: recipient.attempts };
}
