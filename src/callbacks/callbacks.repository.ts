import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { CallbackDoc } from './callback.js';

@Injectable()
export class CallbacksRepository {
  private readonly callbacks: TenantCollection<CallbackDoc>;

  constructor(@InjectStore() store: Store) {
    this.callbacks = new TenantCollection(store.collection<CallbackDoc>('callbacks'));
  }

  /** Returns the positions of those that were stored before. */
  async insertNew(docs: readonly CallbackDoc[]): Promise<number[]> {
    return (await this.callbacks.acrossTenants.insertMany(docs)).duplicates;
  }

  byId(tenant: TenantId, id: string): Promise<CallbackDoc | null> {
    return this.callbacks.findOne(tenant, { _id: id });
  }

  /** Across tenants, for the worker: in the order in which they became due. */
  due(now: Date, limit: number): Promise<CallbackDoc[]> {
    return this.callbacks.acrossTenants.find({ due_at: { $lte: now } }, { sort: { due_at: 1, _id: 1 }, limit });
  }

  /** What is worked through keeps no text and no number. */
  async done(docs: readonly CallbackDoc[], purge_at: Date): Promise<void> {
    const update = { $set: { purge_at }, $unset: { due_at: '', event: '' } } as const;
    await this.callbacks.acrossTenants.updateEach(
      docs.map(({ _id, tenant_id }) => ({ filter: { _id, tenant_id }, update })),
    );
  }

  /** Only as it was read: another gateway may have worked it through. */
  async tryAgain({ tenant_id, _id, tries }: CallbackDoc, due_at: Date): Promise<void> {
    await this.callbacks.updateOne(
      tenant_id,
      { _id, tries, due_at: { $exists: true } },
      {
        $set: { due_at },
        $inc: { tries: 1 },
      },
    );
  }

  async remove(tenant: TenantId, id: string): Promise<void> {
    await this.callbacks.deleteOne(tenant, { _id: id });
  }

  /** From the worker, only while it is as it was seen. */
  async hide(tenant: TenantId, id: string, due_at: Date): Promise<void> {
    await this.callbacks.updateOne(tenant, { _id: id, due_at }, { $unset: { due_at: '' } });
  }

  /** Back to the worker; what is worked through stays so. */
  async show(tenant: TenantId, id: string, due_at: Date): Promise<void> {
    const where = { _id: id, due_at: null, event: { $exists: true } };
    await this.callbacks.updateOne(tenant, where, { $set: { due_at } });
  }
}
