import { Injectable } from '@nestjs/common';
import { Expirables } from '../../expirables/expirables.js';
import { CallsRepository } from './calls.repository.js';

/** Removes old records of calls. */
@Injectable()
export class CallsExpirables {
  constructor(expirables: Expirables, { old }: CallsRepository) {
    expirables.register({
      collection: 'proxy_calls',
      does: 'remove',
      setting: 'remove_messages_after_days',
      first: (tenant, span) => old.first(tenant, span),
      expire: (tenant, hour, after) => old.remove(tenant, hour, after),
    });
  }
}
