import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { AuditDoc } from './audit-log.js';

@Injectable()
export class AuditRepository {
  private readonly logs: TenantCollection<AuditDoc>;
  readonly old: OldRows<AuditDoc>;

  constructor(@InjectStore() store: Store) {
    this.logs = new TenantCollection(store.collection<AuditDoc>('audit_logs'));
    this.old = new OldRows(this.logs, 'aud');
  }

  insert(entry: AuditDoc): Promise<void> {
    return this.logs.insertOne(entry.tenant_id, entry);
  }
  async insertAll(entries: readonly AuditDoc[]): Promise<void> {
    await this.logs.acrossTenants.insertMany(entries);
  }
  /** Writes the line as it is now, even if it was written before. */
  async put({ _id, tenant_id, ...rest }: AuditDoc): Promise<void> {
    await this.logs.updateOne(tenant_id, { _id }, { $set: rest }, { upsert: true });
  }
  list(
    tenant: TenantId,
    filter: { action?: string },
    limit: number,
    skip: number,
    before?: string,
  ): Promise<AuditDoc[]> {
    const where = { ...(filter.action ? { action: filter.action } : {}), ...(before ? { _id: { $lt: before } } : {}) };
    return this.logs.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }
}
