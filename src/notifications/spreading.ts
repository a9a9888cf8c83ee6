import { Injectable } from '@nestjs/common';
import type { Channel } from '../domain/channel.js';
import type { Way } from '../domain/preference.js';
import { later } from '../domain/time.js';
import { Clock } from '../common/clock.js';
import { OwnTexts, type OwnText } from '../messages/own-texts.js';
import { RouteChoice } from '../routing/route-choice.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Audiences } from './audiences.js';
import type { NotificationDoc, RecipientDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Plans } from './plans.js';
import { RecipientsRepository } from './recipients.repository.js';
import { wordsFor } from './words.js';

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
    private readonly texts: OwnTexts,
    private readonly routes: RouteChoice,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** Until everybody has theirs, or it was canceled, or the gateway stops; returns the ids of the messages of this call. */
  async spread(notification: NotificationDoc, isOver: () => boolean = () => false): Promise<string[]> {
    const ids: string[] = [];
    let seen: NotificationDoc | null = notification;
    while (seen && !isOver()) {
      const { audience, place } = await this.audiences.page(seen, PAGE);
      const stored = await this.recipients.insertMissing(await this.plans.of(seen, audience));
      ids.push(...(await this.send(seen, stored)));
      if (place === null) {
        await this.notifications.changeOpen(seen, { $unset: { audience: '', place: '', due_at: '' } });
        break;
      }
      seen = await this.notifications.changeOpen(seen, {
        $set: { place, due_at: later(this.clock.now(), TURN_MILLIS) },
      });
    }
    return ids;
  }

  private async send(notification: NotificationDoc, recipients: readonly RecipientDoc[]): Promise<string[]> {
    const { tenant_id: tenant } = notification;
    const { org_name, message_ttl_hours } = await this.settings.get(tenant);
    const routes = new Map<Way, string | null>();
    const texts: OwnText[] = [];
    for (const { _id, attempts } of recipients) {
      for (const { way, to } of attempts) {
        if (!routes.has(way)) routes.set(way, await this.routes.choose(tenant, way));
        const route = routes.get(way);
        // Nothing sends by this way now; whoever asked was told so, or set the account up since and takes it away again.
        if (!route) continue;
        texts.push({
          tenant,
          because: { id: _id, purpose: `${way}:${to}` },
          clientId: notification.client_id,
          channel: channelOf(way),
          to,
          ...wordsFor(notification, way, org_name),
          route,
          scheduleAt: notification.send_at,
          ttlSeconds: message_ttl_hours * 3600,
          purpose: 'notification',
        });
      }
    }
    return this.texts.sendAll(texts);
  }
}

function channelOf(way: Way): Channel {
  return way;
}
