import { Injectable } from '@nestjs/common';
import { mergeNewest, type IdsBelow } from '../common/merge-newest.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { AuditAction, AuditDoc } from './audit-log.js';

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
  /** Newest first; of these actions, whose lists are merged, or of all. */
  async list(tenant: TenantId, actions: readonly AuditAction[] | undefined, span: Span): Promise<AuditDoc[]> {
    const { limit, skip, before } = span;
    const below = (edge: string | undefined) => (edge ? { _id: { $lt: edge } } : {});
    if (!actions) return this.logs.find(tenant, below(before), { sort: NEWEST, limit, skip });
    const lists = actions.map((action): IdsBelow => async (edge, batch) => {
      const found = await this.logs.find(
        tenant,
        { action, ...below(edge) },
        { sort: NEWEST, limit: batch, fields: [] },
      );
      return found.map(({ _id }) => _id);
    });
    const ids = await mergeNewest(lists, { skip, limit, edge: before });
    return this.logs.find(tenant, { _id: { $in: ids } }, { sort: NEWEST });
  }
}

interface Span {
  limit: number;
  skip: number;
  before: string | undefined;
}
const NEWEST = { _id: -1 } as const;
