import { Injectable } from '@nestjs/common';
import { Expirables } from '../expirables/expirables.js';
import { OldMessagesRepository } from '../messages/old-messages.repository.js';
import { RequestsRepository } from './requests.repository.js';

/** How requests go: with their messages, and so not while one of those still waits. */
@Injectable()
export class RequestsExpirables {
  constructor(expirables: Expirables, { old }: RequestsRepository, messages: OldMessagesRepository) {
    expirables.register({
      collection: 'sms_requests',
      does: 'remove',
      setting: 'remove_messages_after_days',
      first: (tenant, span) => old.first(tenant, span, { expanded: true }),
      isUnderWay: (tenant, hour) => messages.isWaiting(tenant, hour),
      expire: (tenant, hour, after) => old.remove(tenant, hour, after, { expanded: true }),
    });
  }
}
