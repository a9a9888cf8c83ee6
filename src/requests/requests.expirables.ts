import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Expirables } from '../expirables/expirables.js';
import { OldMessagesRepository } from '../messages/old-messages.repository.js';
import { RequestsRepository } from './requests.repository.js';

const COLLECTION = 'sms_requests';

/**
 * How requests go. One that was expanded has no texts, and goes with its messages: not while one of those still waits. One that never
 * was keeps its payload until its messages would have expired.
 */
@Injectable()
export class RequestsExpirables {
  constructor(expirables: Expirables, requests: RequestsRepository, messages: OldMessagesRepository, clock: Clock) {
    expirables.register(
      {
        collection: COLLECTION,
        does: 'blank',
        setting: 'blank_texts_after_days',
        first: (tenant, span) => requests.firstUnexpanded(tenant, span),
        isUnderWay: (tenant, hour) => requests.isUnderWay(tenant, hour, clock.now()),
        expire: (tenant, hour, after) => requests.blank(tenant, hour, after, clock.now()),
      },
      {
        collection: COLLECTION,
        does: 'remove',
        setting: 'remove_messages_after_days',
        first: (tenant, span) => requests.old.first(tenant, span),
        isUnderWay: async (tenant, hour) =>
          (await messages.isWaiting(tenant, hour)) || (await requests.isUnderWay(tenant, hour, clock.now())),
        expire: (tenant, hour, after) => requests.old.remove(tenant, hour, after),
      },
    );
  }
}
