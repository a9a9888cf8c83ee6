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

  /** Null: it isn't as it was seen, or somebody is removing or changing it. */
  hold({ tenant_id, _id, rev }: TnDoc, changing_at: Date): Promise<TnDoc | null> {
    const where = { _id, rev: rev ?? null, removing_at: null, changing_at: null };
    return this.tns.findOneAndUpdate(tenant_id, where, { $set: { changing_at } });
  }

  async letGo({ tenant_id, _id, changing_at }: TnDoc): Promise<void> {
    await this.tns.updateOne(tenant_id, { _id, changing_at: changing_at! }, { $unset: { changing_at: '' } });
  }

  /** And lets go of it. Null: it isn't held any more, or another number has the SIM. */
  async change(
    { tenant_id, _id, changing_at }: TnDoc,
    { owner, channels, mode, sim }: Pick<TnDoc, 'owner' | 'channels' | 'mode' | 'sim'>,
  ): Promise<TnDoc | null> {
    const update = {
      $set: { owner, channels, mode, ...(sim ? { sim } : {}) },
      $unset: { changing_at: '' as const, ...(sim ? {} : { sim: '' as const }) },
      $inc: { rev: 1 },
    };
    try {
      return await this.tns.findOneAndUpdate(tenant_id, { _id, changing_at: changing_at! }, update);
    } catch (error) {
      if (error instanceof DuplicateKeyError) return null;
      throw error;
    }
  }

  /** Across tenants, for the worker: what somebody began to change before that time. */
  held(before: Date, limit: number): Promise<TnDoc[]> {
    return this.tns.acrossTenants.find({ changing_at: { $lte: before } }, { limit });
  }

  /** Across tenants, for the worker: what somebody began to remove before that time. */
  marked(before: Date, limit: number): Promise<TnDoc[]> {
    return this.tns.acrossTenants.find({ removing_at: { $lte: before } }, { limit });
  }
}
