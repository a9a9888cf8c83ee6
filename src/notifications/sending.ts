import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { later } from '../domain/time.js';
import { OwnTexts, type OwnText } from '../messages/own-texts.js';
import { People } from '../people/people.js';
import type { PersonDoc } from '../people/person.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { Settings } from '../tenants/settings.js';
import { ConfirmLinks } from './confirming/confirm-links.js';
import type { Attempt, NotificationDoc, RecipientDoc } from './notification.js';
import { TokenNotificationsRepository } from './token-notifications.repository.js';
import type { RouteOf } from './way-routes.js';
import { inLanguage, wordsFor } from './words.js';

/** What is to go out to one of the audience. */
export interface ToSend {
  recipient: RecipientDoc;
  attempts: readonly Attempt[];
}

/** Makes the messages of attempts. They have the same ids each time, so that what is there already stays as it is. */
@Injectable()
export class Sending {
  constructor(
    private readonly people: People,
    private readonly texts: OwnTexts,
    private readonly tokens: TokenNotificationsRepository,
    private readonly links: ConfirmLinks,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** The ids of the messages that are there now; the others have no route. */
  async send(notification: NotificationDoc, all: readonly ToSend[], routes: RouteOf): Promise<string[]> {
    const { tenant_id: tenant } = notification;
    const settings = await this.settings.get(tenant);
    const ids = all.flatMap(({ recipient: { person_id } }) => person_id ?? []);
    const people = new Map((await this.people.byIds(tenant, ids)).map((person) => [person._id, person]));
    const texts = all.flatMap(({ recipient, attempts }) =>
      attempts.flatMap((attempt) => {
        const route = routes[attempt.way];
        if (!route) return [];
        const person = people.get(recipient.person_id ?? '') ?? null;
        return [this.textOf(notification, recipient, attempt, { person, route, settings })];
      }),
    );
    const leaving = all.flatMap(({ attempts }) => attempts.filter(({ way }) => routes[way]));
    await this.tokens.insertMissing(tenant, notification._id, leaving);
    return this.texts.sendAll(texts);
  }

  private textOf(
    notification: NotificationDoc,
    recipient: RecipientDoc,
    { way, to }: Attempt,
    { person, route, settings }: { person: PersonDoc | null; route: string; settings: Settings },
  ): OwnText {
    const { tenant_id: tenant, client_id, confirm, encoding } = notification;
    const told = inLanguage(notification, person?.language ?? null);
    const text = confirm ? `${told.text}\n${this.links.of(recipient)}` : told.text;
    return {
      tenant,
      because: { id: recipient._id, purpose: `${way}:${to}` },
      clientId: client_id,
      channel: way,
      to,
      ...wordsFor({ ...told, text }, way, settings.org_name, encoding),
      route,
      scheduleAt: this.scheduleOf(notification, person),
      ...(notification.ignores_opt_outs ? { ignoresOptOuts: true } : {}),
      ttlSeconds: settings.message_ttl_hours * 3600,
      unsubscribeUrl: way === 'email' && person ? (this.people.unsubscribeUrl(person) ?? undefined) : undefined,
      purpose: 'notification',
    };
  }

  /** Not before its time, and not in the person's quiet hours unless it is critical. */
  private scheduleOf({ send_at, critical }: NotificationDoc, person: PersonDoc | null): Date | null {
    const now = this.clock.now();
    const start = send_at && send_at > now ? send_at : now;
    const quietUntil = person && !critical ? this.people.quietUntil(person, start) : null;
    return quietUntil && quietUntil > start ? quietUntil : send_at;
  }
}

/** How long a look waits for the messages of an attempt that were to be made at once. */
export const FIRST_LOOK_MILLIS = 10_000;

export function firstLook(now: Date): Date {
  return later(now, FIRST_LOOK_MILLIS);
}
