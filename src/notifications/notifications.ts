import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { idMaker } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { SerialsRepository } from '../counters/serials.repository.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import type { Way } from '../domain/preference.js';
import type { Audience, NotificationDoc } from './notification.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Spreading, TURN_MILLIS } from './spreading.js';
import { WayRoutes } from './way-routes.js';

/** What somebody wants to be told to people. */
export interface NewNotification {
  clientId: string;
  title: string | null;
  text: string;
  audience: readonly Audience[];
  topic?: string;
  ways?: readonly Way[] | null;
  critical?: boolean;
  sendAt?: Date | null;
  series?: 'notification' | 'message';
  translations?: NotificationDoc['translations'];
  templateId?: string;
  /** Of its SMS. */
  encoding?: NotificationDoc['encoding'];
  ignoresOptOuts?: true;
  escalateAfterSeconds?: number;
  /** Only where there is a PUBLIC_URL. */
  confirm?: boolean;
  clientReference?: string;
  /** The same key of the same caller is told once; `bodyHash` is of all that was asked for. */
  idempotency?: { key: string; bodyHash: string };
}

export interface Accepted {
  notification: NotificationDoc;
  /** Of the messages that were made at once: all, unless the audience is large or a topic waits for its time. */
  messageIds: readonly string[];
  /** It was asked for before, under the same Idempotency-Key. */
  isKnown?: true;
}

/** A larger audience is gone through by the worker, so that no call takes long. */
const AT_ONCE = 500;

/** Takes notifications and tells their audience. */
@Injectable()
export class Notifications {
  private readonly nextId: () => string;

  constructor(
    private readonly repository: NotificationsRepository,
    private readonly spreading: Spreading,
    private readonly serials: SerialsRepository,
    private readonly routes: WayRoutes,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('ntf', () => clock.now());
  }

  /** Stored when it returns. @throws ApiError 409 when nothing of the tenant's sends by a way that an address needs. */
  async tell(tenant: TenantId, order: NewNotification): Promise<Accepted> {
    await this.checkRoutes(tenant, order.audience);
    const { clientId, title, text, audience, topic, ways = null, critical = false, sendAt = null, series } = order;
    const { escalateAfterSeconds, confirm, idempotency } = order;
    const now = this.clock.now();
    const waits = topic !== undefined && sendAt !== null && sendAt > now;
    const isLarge = topic !== undefined || audience.length > AT_ONCE;
    const notification: NotificationDoc = {
      _id: this.nextId(),
      tenant_id: tenant,
      ...(series ? { serial: { series, number: await this.serials.next(tenant, series) } } : {}),
      client_id: clientId,
      title,
      text,
      ...(order.translations ? { translations: order.translations } : {}),
      ...(order.templateId ? { template_id: order.templateId } : {}),
      ...(order.encoding ? { encoding: order.encoding } : {}),
      ...(order.ignoresOptOuts ? { ignores_opt_outs: true } : {}),
      ...(order.clientReference ? { client_reference: order.clientReference } : {}),
      ...(idempotency ? { idempotency_key: idempotency.key, body_hash: idempotency.bodyHash } : {}),
      ways,
      ...(escalateAfterSeconds === undefined ? {} : { escalate_after_seconds: escalateAfterSeconds }),
      ...(confirm ? { confirm } : {}),
      critical,
      send_at: sendAt,
      ...(topic === undefined ? {} : { topic }),
      audience,
      // If this gateway dies over it, a worker goes on.
      due_at: waits ? sendAt : isLarge ? now : later(now, TURN_MILLIS),
      created_at: now,
    };
    if (!(await this.repository.insertOnce(notification))) {
      const first = await this.toldUnder(tenant, clientId, idempotency!.key);
      return first ? { notification: first, messageIds: [], isKnown: true } : this.tell(tenant, order);
    }
    return { notification, messageIds: isLarge ? [] : await this.spreading.spread(notification) };
  }

  /** What the caller has asked for under this key within a day; after that the key is free. */
  async toldUnder(tenant: TenantId, clientId: string, key: string): Promise<NotificationDoc | null> {
    const first = await this.repository.byKey(tenant, clientId, key);
    if (!first || later(first.created_at, DAY_MILLIS) > this.clock.now()) return first;
    await this.repository.change(first, { $unset: { idempotency_key: '', body_hash: '' } });
    return null;
  }

  private async checkRoutes(tenant: TenantId, audience: readonly Audience[]): Promise<void> {
    const needed = new Set<Way>(audience.flatMap((one) => wayOf(one) ?? []));
    if (needed.size === 0) return;
    const routes = await this.routes.of(tenant);
    const missing = [...needed].find((way) => routes[way] === null);
    if (missing) throw conflict('no_route', `Nothing of this tenant sends ${NAMES[missing]}. ${ADVICE[missing]}`);
  }
}

const NAMES: Record<Way, string> = { email: 'e-mail', sms: 'SMS', push: 'pushes' };
const ADVICE: Record<Way, string> = {
  email: 'Set up a mail server with PUT /admin/carriers/smtp.',
  sms: 'Register a phone, or set up a carrier with PUT /admin/carriers/:name.',
  push: 'Set up Firebase with PUT /admin/carriers/fcm.',
};

/** The one way of an address, or the one by which a person is to be told; null for one who has several. */
function wayOf(one: Audience): Way | null {
  if ('person' in one) return one.preference && one.preference !== 'none' ? one.preference : null;
  if ('email' in one) return 'email';
  return 'sms' in one ? 'sms' : 'push';
}
