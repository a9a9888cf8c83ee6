import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';
import { Expirables } from '../expirables/expirables.js';
import { HourFreezer } from './counting/hour-freezer.js';
import { OldMessagesRepository } from './old-messages.repository.js';

/** How messages go: an hour's count is kept before the first of its messages does. */
@Injectable()
export class MessagesExpirables {
  constructor(expirables: Expirables, old: OldMessagesRepository, freezer: HourFreezer, clock: Clock) {
    const of = {
      collection: 'sms_messages',
      first: (tenant: TenantId, span: Span) => old.first(tenant, span),
      isUnderWay: (tenant: TenantId, hour: Span) => old.isWaiting(tenant, hour),
    };
    expirables.registerSweep({
      setting: 'blank_relayed_texts_after_days',
      expire: (tenant, before, after) => old.blankMasked(tenant, before, after, clock.now()),
    });
    expirables.register(
      {
        ...of,
        does: 'blank',
        setting: 'blank_texts_after_days',
        expire: (tenant, hour, after) => old.blank(tenant, hour, after, clock.now()),
      },
      {
        ...of,
        does: 'remove',
        setting: 'remove_messages_after_days',
        expire: async (tenant, hour, after) => {
          if (after === null) await freezer.freeze(tenant, hour.from);
          return old.remove(tenant, hour, after);
        },
      },
    );
  }
}
