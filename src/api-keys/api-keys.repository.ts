import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { ApiKeyDoc } from './api-key.js';

@Injectable()
export class ApiKeysRepository {
  private readonly keys: TenantCollection<ApiKeyDoc>;

  constructor(@InjectStore() store: Store) {
    this.keys = new TenantCollection(store.collection<ApiKeyDoc>('api_keys'));
  }

  insert(key: ApiKeyDoc): Promise<void> {
    return this.keys.insertOne(key.tenant_id, key);
  }
  /** Across tenants: the key identifies its tenant. */
  byHash(hash: string): Promise<ApiKeyDoc | null> {
    return this.keys.acrossTenants.findOne({ key_hash: hash });
  }
  byId(tenant: TenantId, id: string): Promise<ApiKeyDoc | null> {
    return this.keys.findOne(tenant, { _id: id });
  }
  list(tenant: TenantId, limit: number, skip: number, before?: string): Promise<ApiKeyDoc[]> {
    return this.keys.find(tenant, before ? { _id: { $lt: before } } : {}, { sort: { _id: -1 }, limit, skip });
  }
  update(tenant: TenantId, id: string, set: Partial<Omit<ApiKeyDoc, 'tenant_id'>>): Promise<ApiKeyDoc | null> {
    return this.keys.findOneAndUpdate(tenant, { _id: id }, { $set: set });
  }
}
