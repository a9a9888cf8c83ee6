import { Injectable } from '@nestjs/common';
import { Expirables } from '../expirables/expirables.js';
import { SessionsRepository } from './sessions.repository.js';

/** Removes sessions that were closed long ago; who was in them is a person's data. */
@Injectable()
export class SessionsExpirables {
  constructor(expirables: Expirables, repository: SessionsRepository) {
    expirables.register({
      collection: 'proxy_sessions',
      does: 'remove',
      setting: 'remove_messages_after_days',
      first: (tenant, span) => repository.firstClosed(tenant, span),
      expire: (tenant, hour) => repository.removeClosed(tenant, hour),
    });
  }
}
