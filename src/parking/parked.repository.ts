import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { ParkedDoc } from './parked-row.js';

@Injectable()
export class ParkedRepository {
  private readonly parked: TenantCollection<ParkedDoc>;

  constructor(@InjectStore() store: Store) {
    this.parked = new TenantCollection(store.collection<ParkedDoc>('parked'));
  }

  /** The newest reason stands. */
  async put({ _id, tenant_id, ...set }: ParkedDoc): Promise<void> {
    await this.parked.updateOne(tenant_id, { _id }, { $set: { ...set } }, { upsert: true });
  }

  byId(tenant: TenantId, id: string): Promise<ParkedDoc | null> {
    return this.parked.findOne(tenant, { _id: id });
  }

  /** Without a tenant: of all of them. */
  list(tenant: TenantId | null, limit: number, skip: number, before?: string): Promise<ParkedDoc[]> {
    const where = before ? { _id: { $lt: before } } : {};
    const options = { sort: { _id: -1 }, limit, skip } as const;
    return tenant ? this.parked.find(tenant, where, options) : this.parked.acrossTenants.find(where, options);
  }

  /** Across tenants, for the metrics. */
  countByKind(): Promise<Record<string, number>> {
    return this.parked.acrossTenants.countBy({}, 'kind');
  }

  async remove(tenant: TenantId, id: string): Promise<void> {
    await this.parked.deleteOne(tenant, { _id: id });
  }
}
