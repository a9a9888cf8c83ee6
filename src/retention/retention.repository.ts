import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { DuplicateKeyError } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';

/** The progress of retention for one kind of a tenant's rows. */
export interface RetentionState {
  _id: string;
  tenant_id: TenantId;
  rev: number;
  /** Every hour before this one was done... */
  done_before: Date;
  /** ...except these, which had rows that were still in use. */
  left: Date[];
}

@Injectable()
export class RetentionRepository {
  private readonly states: TenantCollection<RetentionState>;

  constructor(@InjectStore() store: Store) {
    this.states = new TenantCollection(store.collection<RetentionState>('retention_states'));
  }

  async state(tenant: TenantId, does: string, collection: string): Promise<RetentionState> {
    const _id = `${tenant}:${does}:${collection}`;
    const found = await this.states.findOne(tenant, { _id });
    return found ?? { _id, tenant_id: tenant, rev: 0, done_before: new Date(0), left: [] };
  }

  /** Returns false when another gateway is doing the same. */
  async save(state: RetentionState): Promise<boolean> {
    const { _id, tenant_id: tenant, rev, ...fields } = state;
    if (rev > 0) {
      const update = { $set: fields, $inc: { rev: 1 } };
      return (await this.states.updateOne(tenant, { _id, rev }, update)).matched === 1;
    }
    try {
      await this.states.insertOne(tenant, { _id, rev: 1, ...fields });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }
}
