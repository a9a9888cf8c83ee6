import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';
import { Expirables } from '../expirables/expirables.js';
import { InboundRepository } from './inbound.repository.js';

/** Blanks or removes old received texts. */
@Injectable()
export class InboundExpirables {
  constructor(expirables: Expirables, repository: InboundRepository, clock: Clock) {
    const { old } = repository;
    const of = { collection: 'inbound_messages', first: (tenant: TenantId, span: Span) => old.first(tenant, span) };
    expirables.registerSweep({
      setting: 'blank_relayed_texts_after_days',
      expire: (tenant, before) => repository.blankMasked(tenant, before, clock.now()),
    });
    expirables.register(
      {
        ...of,
        does: 'blank',
        setting: 'blank_texts_after_days',
        expire: (tenant, hour, after) => repository.blank(tenant, hour, after, clock.now()),
      },
      {
        ...of,
        does: 'remove',
        setting: 'remove_messages_after_days',
        expire: (tenant, hour, after) => old.remove(tenant, hour, after),
      },
    );
  }
}
