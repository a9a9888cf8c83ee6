import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { SYSTEM } from '../domain/actor.js';
import { Cancellation } from '../messages/cancellation.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { SettingsService } from '../tenants/settings.service.js';
import { Escalation } from './escalation.js';
import type { NotificationDoc, RecipientDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';
import { Sending } from './sending.js';
import { NotMade, Standing } from './standing.js';
import { WayRoutes, type RouteOf } from './way-routes.js';

/** A race is lost to somebody who has just done the same. */
const TRIES = 5;

/**
 * What becomes of recipients, from what has become of their messages. It can be repeated and done by several at once: every change is a
 * compare-and-set on the recipient, and comes before the messages that it is about, which have the same ids each time.
 *
 *   cancel what must not go any more -> make what is missing -> the outcome, or the next way -> the next way's messages
 */
@Injectable()
export class Settling {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly messages: MessagesRepository,
    private readonly cancellation: Cancellation,
    private readonly sending: Sending,
    private readonly escalation: Escalation,
    private readonly routes: WayRoutes,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  async settle(tenant: TenantId, recipients: readonly RecipientDoc[]): Promise<void> {
    let open = recipients.filter(({ attempts }) => attempts.length > 0);
    for (let attempt = 0; attempt < TRIES && open.length > 0; attempt++) {
      const lost = await this.pass(tenant, open);
      open = lost.length === 0 ? [] : await this.recipients.byIds(tenant, lost);
    }
  }

  /** The ids of those that were changed meanwhile. */
  private async pass(tenant: TenantId, recipients: readonly RecipientDoc[]): Promise<string[]> {
    const ids = [...new Set(recipients.map(({ notification_id }) => notification_id))];
    const [found, routes] = await Promise.all([this.notifications.byIds(tenant, ids), this.routes.of(tenant)]);
    const notifications = new Map(found.map((one) => [one._id, one]));
    await this.withdraw(tenant, recipients, notifications);
    const standings = await this.standings(tenant, recipients, notifications, routes);
    const changes = await this.escalation.changes(tenant, standings, routes);
    const made = await this.recipients.changeEach(changes);
    await this.escalation.send(
      changes.filter((_, i) => made[i]),
      routes,
    );
    return changes.flatMap(({ seen }, i) => (made[i] ? [] : [seen._id]));
  }

  /** Takes back what nobody is to be told any more: it was canceled, or confirmed by another way. */
  private async withdraw(
    tenant: TenantId,
    recipients: readonly RecipientDoc[],
    notifications: ReadonlyMap<string, NotificationDoc>,
  ): Promise<void> {
    const byActor = new Map<string, string[]>();
    for (const { following = [], confirmed_at, notification_id } of recipients) {
      const { canceled_at, canceled_by = SYSTEM } = notifications.get(notification_id) ?? {};
      if (!confirmed_at && !canceled_at) continue;
      byActor.set(canceled_by, [...(byActor.get(canceled_by) ?? []), ...following]);
    }
    for (const [actor, ids] of byActor) await this.cancellation.cancelEach(tenant, ids, actor);
  }

  private async standings(
    tenant: TenantId,
    recipients: readonly RecipientDoc[],
    notifications: ReadonlyMap<string, NotificationDoc>,
    routes: RouteOf,
  ): Promise<Standing[]> {
    const now = this.clock.now();
    const ids = recipients.flatMap(({ attempts }) => attempts.map(({ message_id }) => message_id));
    const states = await this.messages.states(tenant, ids);
    const notMade = new NotMade(await this.settings.get(tenant), now);
    const standings: Standing[] = [];
    for (const notification of notifications.values()) {
      const own = recipients.filter(({ notification_id }) => notification_id === notification._id);
      const missing = own.flatMap((recipient) => {
        const attempts = recipient.attempts.filter(({ message_id }) => !states.has(message_id));
        return attempts.length > 0 && notMade.mayBeMade(notification, recipient) ? [{ recipient, attempts }] : [];
      });
      if (missing.length > 0) {
        const made = new Set(await this.sending.send(notification, missing, routes));
        for (const [id, state] of await this.messages.states(tenant, [...made])) states.set(id, state);
      }
      standings.push(...own.map((recipient) => new Standing(notification, recipient, states, notMade, now)));
    }
    // What it was part of is gone already, and so it goes soon.
    const orphans = recipients.filter(({ notification_id }) => !notifications.has(notification_id));
    await this.recipients.changeEach(
      orphans.map((seen) => ({ seen, update: { $unset: { following: '', look_at: '' } } })),
    );
    return standings;
  }
}
