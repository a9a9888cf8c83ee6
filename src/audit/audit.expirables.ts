import { Injectable } from '@nestjs/common';
import { Expirables } from '../expirables/expirables.js';
import { AuditRepository } from './audit.repository.js';

/** Removes old lines of the audit log. */
@Injectable()
export class AuditExpirables {
  constructor(expirables: Expirables, { old }: AuditRepository) {
    expirables.register({
      collection: 'audit_logs',
      does: 'remove',
      setting: 'remove_audit_logs_after_days',
      first: (tenant, span) => old.first(tenant, span),
      expire: (tenant, hour, after) => old.remove(tenant, hour, after),
    });
  }
}
