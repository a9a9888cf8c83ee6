import { Injectable } from '@nestjs/common';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import type { TenantDoc } from './tenant.js';

@Injectable()
export class TenantsRepository {
  private readonly tenants: Collection<TenantDoc>;

  constructor(@InjectStore() store: Store) {
    this.tenants = store.collection<TenantDoc>('tenants');
  }

  /** @throws DuplicateKeyError when the slug is taken. */
  insert(tenant: TenantDoc): Promise<void> {
    return this.tenants.insertOne(tenant);
  }
  bySlug(slug: string): Promise<TenantDoc | null> {
    return this.tenants.findOne({ slug });
  }
  byId(id: string): Promise<TenantDoc | null> {
    return this.tenants.findOne({ _id: asTenantId(id) });
  }
  list(limit: number, skip: number, before: string | undefined): Promise<TenantDoc[]> {
    return this.tenants.find(before ? { _id: { $lt: before } } : {}, { sort: { _id: -1 }, limit, skip });
  }
  firstBySlug(limit: number): Promise<TenantDoc[]> {
    return this.tenants.find({}, { sort: { slug: 1 }, limit });
  }
  rename(id: TenantId, name: string, at: Date): Promise<TenantDoc | null> {
    return this.tenants.findOneAndUpdate({ _id: id }, { $set: { name, updated_at: at } });
  }
}
