import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { TnDoc } from './tn.js';

@Injectable()
export class TnsRepository {
  private readonly tns: TenantCollection<TnDoc>;

  constructor(@InjectStore() store: Store) {
    this.tns = new TenantCollection(store.collection<TnDoc>('virtual_tns'));
  }

  /** False when the number, or its SIM, is there already. */
  async insertNew(tn: TnDoc): Promise<boolean> {
    try {
      await this.tns.insertOne(tn.tenant_id, tn);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  all(tenant: TenantId): Promise<TnDoc[]> {
    return this.tns.find(tenant, {}, { sort: { number: 1 } });
  }

  byNumber(tenant: TenantId, number: string): Promise<TnDoc | null> {
    return this.tns.findOne(tenant, { number });
  }

  byNumbers(tenant: TenantId, numbers: readonly string[]): Promise<TnDoc[]> {
    return this.tns.find(tenant, { number: { $in: numbers } });
  }

  ofAgent(tenant: TenantId, agentId: string): Promise<TnDoc[]> {
    // What begins with the agent's id: `}` comes after `|`.
    return this.tns.find(tenant, { sim: { $gte: `${agentId}|`, $lt: `${agentId}}` } });
  }

  mark(tenant: TenantId, number: string, removing_at: Date): Promise<TnDoc | null> {
    return this.tns.findOneAndUpdate(tenant, { number }, { $set: { removing_at } });
  }

  async unmark({ tenant_id, _id, removing_at }: TnDoc): Promise<void> {
    await this.tns.updateOne(tenant_id, { _id, removing_at: removing_at! }, { $unset: { removing_at: '' } });
  }

  /** False when somebody else has marked or removed it since. */
  async remove({ tenant_id, _id, removing_at }: TnDoc): Promise<boolean> {
    return (await this.tns.deleteOne(tenant_id, { _id, removing_at: removing_at! })).deleted > 0;
  }

  /** Across tenants, for the worker: what somebody began to remove before that time. */
  marked(before: Date, limit: number): Promise<TnDoc[]> {
    return this.tns.acrossTenants.find({ removing_at: { $lte: before } }, { limit });
  }
}
