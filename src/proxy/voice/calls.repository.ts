import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { OldRows } from '../../database/old-rows.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { CallDoc } from './call-record.js';

@Injectable()
export class CallsRepository {
  private readonly calls: TenantCollection<CallDoc>;
  readonly old: OldRows<CallDoc>;

  constructor(@InjectStore() store: Store) {
    this.calls = new TenantCollection(store.collection<CallDoc>('proxy_calls'));
    this.old = new OldRows(this.calls, 'cal');
  }

  /** False when the provider tells of a call that is known. */
  async insertNew(doc: CallDoc): Promise<boolean> {
    return (await this.calls.acrossTenants.insertMany([doc])).duplicates.length === 0;
  }

  byId(tenant: TenantId, id: string): Promise<CallDoc | null> {
    return this.calls.findOne(tenant, { _id: id });
  }

  byRef(tenant: TenantId, ref: string): Promise<CallDoc | null> {
    return this.calls.findOne(tenant, { ref });
  }

  /** The end that is told first stays. */
  async ended(tenant: TenantId, ref: string, at: Date, seconds?: number): Promise<void> {
    const end = { ended_at: at, ...(seconds === undefined ? {} : { seconds }) };
    await this.calls.updateOne(tenant, { ref, ended_at: null }, { $set: end });
  }

  /** Newest first. */
  ofSession(tenant: TenantId, sessionId: string, limit: number): Promise<CallDoc[]> {
    return this.calls.find(tenant, { session_id: sessionId }, { sort: { _id: -1 }, limit });
  }
}
