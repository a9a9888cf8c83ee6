import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { AuditService } from '../audit/audit.service.js';
import type { Client, User } from '../auth/principal.js';
import { canonicalJson } from '../common/canonical-json.js';
import { forbidden, notFound } from '../common/errors.js';
import { checkIdempotencyKey, keyReused } from '../common/idempotency-key.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import { People } from '../people/people.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { CreateNotificationDto } from './dto/create-notification.dto.js';
import type { NotificationDoc, RecipientOutcome } from './notification.js';
import { Notifications } from './notifications.js';
import { NotificationsRepository } from './notifications.repository.js';
import { OrderReader } from './order-reader.js';
import { OutcomeSearch, type OutcomeFilter } from './outcome-search.js';
import { RecipientsRepository } from './recipients.repository.js';
import { showNotification, showRecipient, showToldToMe } from './shown-notification.js';
import { Withdrawal } from './withdrawal.js';

/** Who tells people something: a key sees what it asked for, a user the tenant's. */
export type Teller = Client | User;

const FIRST_PAGE = { limit: 50, skip: 0 };

@Injectable()
export class NotificationsService {
  constructor(
    private readonly orders: OrderReader,
    private readonly notifications: Notifications,
    private readonly repository: NotificationsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly byOutcome: OutcomeSearch,
    private readonly messages: MessagesRepository,
    private readonly withdrawal: Withdrawal,
    private readonly people: People,
    private readonly audit: AuditService,
  ) {}

  /** The same key with the same body is answered as it was, whatever has changed since. */
  async create(caller: Teller, body: CreateNotificationDto, key: string | undefined) {
    if (key === undefined) return this.tell(caller, body);
    checkIdempotencyKey(key);
    const bodyHash = createHash('sha256').update(canonicalJson(body)).digest('base64url');
    const first = await this.notifications.toldUnder(caller.tenant, caller.id, key);
    if (!first) return this.tell(caller, body, { key, bodyHash });
    if (first.body_hash !== bodyHash) throw keyReused();
    return this.inFull(first);
  }

  private async tell(caller: Teller, body: CreateNotificationDto, idempotency?: { key: string; bodyHash: string }) {
    const order = await this.orders.read(caller.tenant, caller.id, body);
    const told = await this.notifications.tell(caller.tenant, { ...order, ...(idempotency ? { idempotency } : {}) });
    const { notification } = told;
    if (idempotency && notification.body_hash !== idempotency.bodyHash) throw keyReused();
    if (!told.isKnown) await this.audit.record(caller, 'CREATE_NOTIFICATION', { notification_id: notification._id });
    // Its state may be another by now.
    return this.inFull((await this.repository.byId(caller.tenant, notification._id)) ?? notification);
  }

  async list(caller: Teller, filter: Partial<OutcomeFilter>, page: Page) {
    if (caller.kind === 'client' && filter.client_id !== undefined && filter.client_id !== caller.id)
      return { items: [], count: 0 };
    const { topic, outcome } = filter;
    const where = { topic, client_id: caller.kind === 'client' ? caller.id : filter.client_id };
    if (outcome !== undefined) {
      const { rows, next } = await this.byOutcome.page(caller.tenant, { ...where, outcome }, page);
      return { items: rows.map(showNotification), count: rows.length, ...(next === undefined ? {} : { next }) };
    }
    const rows = await this.repository.list(caller.tenant, where, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, showNotification);
  }

  async get(caller: Teller, id: string) {
    return this.inFull(await this.mustSee(caller, id));
  }

  async listRecipients(caller: Teller, id: string, outcome: RecipientOutcome | undefined, page: Page) {
    return this.recipientsOf(await this.mustSee(caller, id), page, outcome);
  }

  /** @throws ApiError 409 when there is nothing left to cancel. */
  async cancel(caller: Teller, id: string) {
    const { tenant } = caller;
    await this.withdrawal.cancel(caller, await this.mustSee(caller, id));
    await this.audit.record(caller, 'CANCEL_NOTIFICATION', { notification_id: id });
    return { notification_id: id, outcomes: await this.recipients.countByOutcome(tenant, id) };
  }

  /** What the user was told, newest first. */
  async mine({ tenant, id }: User, page: Page): Promise<List<ReturnType<typeof showToldToMe>>> {
    const { _id: personId, language } = await this.people.ofUser(tenant, id);
    const rows = await this.recipients.ofPerson(tenant, personId, page.limit, page.skip, cursorId(page));
    const ids = rows.map(({ notification_id }) => notification_id);
    const found = new Map((await this.repository.byIds(tenant, ids)).map((one) => [one._id, one]));
    const list = listOf(rows, page, (row) => row);
    const items = list.items.flatMap((row) => {
      const notification = found.get(row.notification_id);
      return notification ? [showToldToMe(notification, row, language)] : [];
    });
    return { ...list, items, count: items.length };
  }

  private async inFull(notification: NotificationDoc) {
    const [outcomes, recipients] = await Promise.all([
      this.recipients.countByOutcome(notification.tenant_id, notification._id),
      this.recipientsOf(notification, FIRST_PAGE),
    ]);
    return { ...showNotification(notification), outcomes, recipients };
  }

  private async recipientsOf({ tenant_id: tenant, _id }: NotificationDoc, page: Page, outcome?: RecipientOutcome) {
    const { limit, skip } = page;
    const rows = await this.recipients.ofNotification(tenant, _id, { limit, skip, after: cursorId(page), outcome });
    const ids = rows.flatMap(({ attempts }) => attempts.map(({ message_id }) => message_id));
    const states = await this.messages.states(tenant, ids);
    return listOf(rows, page, (row) => showRecipient(row, states));
  }

  /** @throws ApiError 404, 403 for another key's. */
  private async mustSee(caller: Teller, id: string): Promise<NotificationDoc> {
    const notification = await this.repository.byId(caller.tenant, id);
    if (!notification) throw notFound('notification', id);
    if (caller.kind === 'client' && notification.client_id !== caller.id)
      throw forbidden('This notification was asked for with another key.');
    return notification;
  }
}
