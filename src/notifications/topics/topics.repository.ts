import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import type { Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { DuplicateKeyError } from '../../database/query.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { TopicDoc } from './topic.js';

@Injectable()
export class TopicsRepository {
  private readonly topics: TenantCollection<TopicDoc>;

  constructor(@InjectStore() store: Store) {
    this.topics = new TenantCollection(store.collection<TopicDoc>('topics'));
  }

  /** False when the tenant has one of this name. */
  async insertNew(topic: TopicDoc): Promise<boolean> {
    try {
      await this.topics.insertOne(topic.tenant_id, topic);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  byName(tenant: TenantId, name: string): Promise<TopicDoc | null> {
    return this.topics.findOne(tenant, { name });
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<TopicDoc[]> {
    return this.topics.find(tenant, { _id: { $in: ids } });
  }

  list(tenant: TenantId, limit: number, skip: number, before?: string): Promise<TopicDoc[]> {
    const where = before ? { _id: { $lt: before } } : {};
    return this.topics.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  async remove({ tenant_id, _id }: TopicDoc): Promise<void> {
    await this.topics.deleteOne(tenant_id, { _id });
  }
}
