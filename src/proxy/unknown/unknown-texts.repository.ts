import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import type { Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { UnknownTextDoc } from './unknown-text.js';

@Injectable()
export class UnknownTextsRepository {
  private readonly texts: TenantCollection<UnknownTextDoc>;

  constructor(@InjectStore() store: Store) {
    this.texts = new TenantCollection(store.collection<UnknownTextDoc>('unknown_texts'));
  }

  /** One that is there stays as it is. */
  async insertMissing(text: UnknownTextDoc): Promise<void> {
    await this.texts.acrossTenants.insertMany([text]);
  }

  /** The first that waits of one side. */
  firstOf(tenant: TenantId, side: string): Promise<UnknownTextDoc | null> {
    return this.texts.findOne(tenant, { side }, { sort: { _id: 1 } });
  }

  /** Across tenants, for the worker: the next tenant with a text that is due. */
  async nextTenant(after: TenantId | null, now: Date): Promise<TenantId | null> {
    const where = { ...(after ? { tenant_id: { $gt: after } } : {}), due_at: { $lte: now } };
    const options = { sort: { tenant_id: 1, due_at: 1, _id: 1 }, limit: 1 } as const;
    return (await this.texts.acrossTenants.find(where, options))[0]?.tenant_id ?? null;
  }

  due(tenant: TenantId, now: Date, limit: number): Promise<UnknownTextDoc[]> {
    return this.texts.find(tenant, { due_at: { $lte: now } }, { sort: { due_at: 1, _id: 1 }, limit });
  }

  /** Only while it is as it was seen: false when another gateway was faster. */
  async putOff({ tenant_id, _id, due_at }: UnknownTextDoc, until: Date, tries?: number): Promise<boolean> {
    const set = { due_at: until, ...(tries === undefined ? {} : { tries }) };
    return (await this.texts.updateOne(tenant_id, { _id, due_at }, { $set: set })).matched === 1;
  }

  async remove({ tenant_id, _id }: UnknownTextDoc): Promise<void> {
    await this.texts.deleteOne(tenant_id, { _id });
  }
}
