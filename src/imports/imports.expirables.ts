import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Span } from '../domain/time.js';
import { Expirables } from '../expirables/expirables.js';
import { ImportsRepository } from './imports.repository.js';

/** Removes imports, each with its chunks. An import that still has lines to send is kept. */
@Injectable()
export class ImportsExpirables {
  constructor(expirables: Expirables, repository: ImportsRepository, clock: Clock) {
    const of = {
      collection: 'imports',
      first: (tenant: TenantId, span: Span) => repository.firstOf(tenant, span),
      isUnderWay: (tenant: TenantId, hour: Span) => repository.isUnderWay(tenant, hour, clock.now()),
    };
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
        expire: (tenant, hour, after) => repository.remove(tenant, hour, after, clock.now()),
      },
    );
  }
}
