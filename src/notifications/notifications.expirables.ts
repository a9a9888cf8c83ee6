import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';
import { Expirables } from '../expirables/expirables.js';
import { NotificationsRepository } from './notifications.repository.js';
import { RecipientsRepository } from './recipients.repository.js';
import { TokenNotificationsRepository } from './token-notifications.repository.js';

/** How notifications go: their texts with the messages' texts, and they with the messages. */
@Injectable()
export class NotificationsExpirables {
  constructor(
    expirables: Expirables,
    notifications: NotificationsRepository,
    recipients: RecipientsRepository,
    tokens: TokenNotificationsRepository,
    clock: Clock,
  ) {
    const of = {
      collection: 'notifications',
      first: (tenant: TenantId, span: Span) => notifications.first(tenant, span),
      isUnderWay: (tenant: TenantId, hour: Span) => notifications.isUnderWay(tenant, hour),
    };
    expirables.register(
      {
        ...of,
        does: 'blank',
        setting: 'blank_texts_after_days',
        expire: (tenant, hour, after) => notifications.blank(tenant, hour, after, clock.now()),
      },
      {
        ...of,
        does: 'remove',
        setting: 'remove_messages_after_days',
        expire: (tenant, hour, after) => notifications.remove(tenant, hour, after),
      },
      {
        collection: 'notification_recipients',
        does: 'remove',
        setting: 'remove_messages_after_days',
        first: (tenant, span) => recipients.first(tenant, span),
        expire: (tenant, hour, after) => recipients.remove(tenant, hour, after),
      },
      {
        collection: 'token_notifications',
        does: 'remove',
        setting: 'remove_messages_after_days',
        first: (tenant, span) => tokens.first(tenant, span),
        expire: (tenant, hour, after) => tokens.remove(tenant, hour, after),
      },
    );
  }
}
