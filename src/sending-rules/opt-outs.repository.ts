import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { OptOutDoc, OptOutSource } from './opt-out.js';

export interface OptOutFilter {
  recipient?: string | undefined;
  sender?: string | undefined;
  source?: OptOutSource | undefined;
}

@Injectable()
export class OptOutsRepository {
  private readonly optOuts: TenantCollection<OptOutDoc>;

  /** Other gateways write to it, too. */
  readonly isShared: boolean;

  constructor(@InjectStore() store: Store) {
    this.isShared = store.kind === 'mongo';
    this.optOuts = new TenantCollection(store.collection<OptOutDoc>('opt_outs'));
  }

  /** Returns the positions of those that were there already. */
  async insertMissing(optOuts: readonly OptOutDoc[]): Promise<number[]> {
    return (await this.optOuts.acrossTenants.insertMany(optOuts)).duplicates;
  }

  /** Of recipients, whose keys begin with their tenants: a claim may be for several. */
  of(recipients: readonly string[]): Promise<Pick<OptOutDoc, 'recipient' | 'sender'>[]> {
    const where = { recipient: { $in: recipients } };
    return this.optOuts.acrossTenants.find(where, { fields: ['recipient', 'sender'] });
  }

  async hasAny(tenant: TenantId): Promise<boolean> {
    return (await this.optOuts.count(tenant, {}, { limit: 1 })) > 0;
  }

  byKeys(tenant: TenantId, keys: readonly string[]): Promise<OptOutDoc[]> {
    return this.optOuts.find(tenant, { _id: { $in: keys } });
  }

  list(
    tenant: TenantId,
    { recipient, sender, source }: OptOutFilter,
    limit: number,
    skip: number,
    before?: string,
  ): Promise<OptOutDoc[]> {
    const where = {
      ...(recipient ? { recipient } : {}),
      ...(sender ? { sender } : {}),
      ...(source ? { source } : {}),
      ...(before ? { opt_out_id: { $lt: before } } : {}),
    };
    return this.optOuts.find(tenant, where, { sort: { opt_out_id: -1 }, limit, skip });
  }

  /** Oldest first. */
  after(tenant: TenantId, after: string | undefined, limit: number): Promise<OptOutDoc[]> {
    const where = after ? { opt_out_id: { $gt: after } } : {};
    return this.optOuts.find(tenant, where, { sort: { opt_out_id: 1 }, limit });
  }

  async remove(tenant: TenantId, keys: readonly string[]): Promise<number> {
    return (await this.optOuts.acrossTenants.deleteMany({ tenant_id: tenant, _id: { $in: keys } })).deleted;
  }

  /** Of every sender. */
  async removeAll(tenant: TenantId, recipient: string): Promise<number> {
    return (await this.optOuts.acrossTenants.deleteMany({ tenant_id: tenant, recipient })).deleted;
  }
}
