import type { TenantId } from '../common/tenant-id.js';
import type { Collection, FindOneOptions, FindOptions, UpdateOptions, UpdateResult } from './collection.js';
import type { Doc, Filter, Update } from './query.js';

export interface TenantDoc extends Doc {
  tenant_id: TenantId;
}
/** A filter that can't name the tenant: the tenant is always a separate argument. */
export type TenantFilter<T extends TenantDoc> = Filter<Omit<T, 'tenant_id'> & Doc>;

/** An update that can't move a row to another tenant. */
export type TenantUpdate = Update & {
  readonly $set?: { readonly tenant_id?: never };
  readonly $unset?: { readonly tenant_id?: never };
};

/**
 * A collection seen by one tenant at a time: no call without a tenant compiles, so another tenant's row can't be reached by
 * mistake. Code that must read across tenants (credential look-ups, workers, recovery) uses `acrossTenants`.
 */
export class TenantCollection<T extends TenantDoc> {
  constructor(readonly acrossTenants: Collection<T>) {}

  findOne(tenant: TenantId, filter: TenantFilter<T>, options?: FindOneOptions): Promise<T | null> {
    return this.acrossTenants.findOne(scoped(tenant, filter), options);
  }
  find(tenant: TenantId, filter: TenantFilter<T>, options?: FindOptions): Promise<T[]> {
    return this.acrossTenants.find(scoped(tenant, filter), options);
  }
  count(tenant: TenantId, filter: TenantFilter<T>, options?: { limit?: number }): Promise<number> {
    return this.acrossTenants.count(scoped(tenant, filter), options);
  }
  countBy(tenant: TenantId, filter: TenantFilter<T>, field: keyof T & string): Promise<Record<string, number>> {
    return this.acrossTenants.countBy(scoped(tenant, filter), field);
  }
  insertOne(tenant: TenantId, doc: Omit<T, 'tenant_id'>): Promise<void> {
    return this.acrossTenants.insertOne({ ...doc, tenant_id: tenant } as T);
  }
  updateOne(
    tenant: TenantId,
    filter: TenantFilter<T>,
    update: TenantUpdate,
    options?: UpdateOptions,
  ): Promise<UpdateResult> {
    return this.acrossTenants.updateOne(scoped(tenant, filter), update, options);
  }
  findOneAndUpdate(
    tenant: TenantId,
    filter: TenantFilter<T>,
    update: TenantUpdate,
    options?: UpdateOptions & { returns?: 'before' | 'after' },
  ): Promise<T | null> {
    return this.acrossTenants.findOneAndUpdate(scoped(tenant, filter), update, options);
  }
  deleteOne(tenant: TenantId, filter: TenantFilter<T>): Promise<{ deleted: number }> {
    return this.acrossTenants.deleteOne(scoped(tenant, filter));
  }
}

function scoped<T extends TenantDoc>(tenant: TenantId, filter: TenantFilter<T>): Filter<T> {
  return { ...filter, tenant_id: tenant } as unknown as Filter<T>;
}
