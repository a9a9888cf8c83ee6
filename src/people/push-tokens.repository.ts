import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { PushTokenDoc } from './push-token.js';

@Injectable()
export class PushTokensRepository {
  private readonly tokens: TenantCollection<PushTokenDoc>;

  constructor(@InjectStore() store: Store) {
    this.tokens = new TenantCollection(store.collection<PushTokenDoc>('push_tokens'));
  }

  /** What is there already stays as it is. */
  async insertMissing(tokens: readonly PushTokenDoc[]): Promise<void> {
    if (tokens.length > 0) await this.tokens.acrossTenants.insertMany(tokens);
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { _id: { $in: ids } });
  }

  /** In the order of their ids, which carry no time, after the one with the id `after`. */
  list(
    tenant: TenantId,
    {
      person_id,
      limit,
      skip,
      after,
    }: { person_id?: string | undefined; limit: number; skip: number; after?: string | undefined },
  ): Promise<PushTokenDoc[]> {
    const where = { ...(person_id === undefined ? {} : { person_id }), ...(after ? { _id: { $gt: after } } : {}) };
    return this.tokens.find(tenant, where, { sort: { _id: 1 }, limit, skip });
  }

  byValues(tenant: TenantId, values: readonly string[]): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { value: { $in: values } });
  }

  /** Somebody has registered them again: they take pushes. */
  async revive(tenant: TenantId, ids: readonly string[], seen_at: Date): Promise<void> {
    const where = { tenant_id: tenant, _id: { $in: ids }, seen_at: { $lt: seen_at } };
    await this.tokens.acrossTenants.updateMany(where, { $set: { seen_at }, $unset: { dead: '' } });
  }

  /** The device is this person's, whosever it was. */
  tie({ tenant_id, _id }: PushTokenDoc, person_id: string): Promise<PushTokenDoc | null> {
    return this.tokens.findOneAndUpdate(tenant_id, { _id }, { $set: { person_id } });
  }

  /** False when it isn't this person's. */
  async untie(tenant: TenantId, _id: string, person_id: string): Promise<boolean> {
    const untied = await this.tokens.updateOne(tenant, { _id, person_id }, { $unset: { person_id: '' } });
    return untied.matched === 1;
  }

  /** They are nobody's then. */
  async untieAll(tenant: TenantId, person_id: string): Promise<void> {
    await this.tokens.acrossTenants.updateMany({ tenant_id: tenant, person_id }, { $unset: { person_id: '' } });
  }

  /** The provider didn't know it any more when a push left for it at `sentAt`. One that is dead stays dead since then. */
  async died(
    tenant: TenantId,
    { kind, value }: Pick<PushTokenDoc, 'kind' | 'value'>,
    dead: NonNullable<PushTokenDoc['dead']>,
    sentAt: Date,
  ): Promise<void> {
    const where = { kind, value, dead: { $exists: false }, seen_at: { $lte: sentAt } };
    await this.tokens.updateOne(tenant, where, { $set: { dead } });
  }

  /** Across tenants: the oldest first, whosever they are. */
  deadBefore(before: Date, limit: number): Promise<PushTokenDoc[]> {
    return this.tokens.acrossTenants.find({ 'dead.at': { $lt: before } }, { sort: { 'dead.at': 1, _id: 1 }, limit });
  }

  /** Not those that have come back to life meanwhile. */
  async removeDead(tenant: TenantId, ids: readonly string[], before: Date): Promise<void> {
    await this.tokens.acrossTenants.deleteMany({ tenant_id: tenant, _id: { $in: ids }, 'dead.at': { $lt: before } });
  }

  /** Also those that are dead. */
  allOf(tenant: TenantId, person_id: string): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { person_id }, { sort: { _id: 1 } });
  }

  /** Those that take pushes. */
  ofPeople(tenant: TenantId, people: readonly string[]): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { person_id: { $in: people }, dead: { $exists: false } });
  }
}
