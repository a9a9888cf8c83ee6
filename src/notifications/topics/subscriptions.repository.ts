import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import type { Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { Preference } from '../../domain/preference.js';
import { subscriptionId, type SubscriptionDoc, type TopicDoc } from './topic.js';

const BATCH = 500;

@Injectable()
export class SubscriptionsRepository {
  private readonly subscriptions: TenantCollection<SubscriptionDoc>;

  constructor(@InjectStore() store: Store) {
    this.subscriptions = new TenantCollection(store.collection<SubscriptionDoc>('topic_subscriptions'));
  }

  /** Those that are there already stay as they are; how many are new. */
  async insertMissing(subscriptions: readonly SubscriptionDoc[]): Promise<number> {
    if (subscriptions.length === 0) return 0;
    const { duplicates } = await this.subscriptions.acrossTenants.insertMany(subscriptions);
    return subscriptions.length - duplicates.length;
  }

  of({ tenant_id, _id }: TopicDoc, subscriber: string): Promise<SubscriptionDoc | null> {
    return this.subscriptions.findOne(tenant_id, { _id: subscriptionId(_id, subscriber) });
  }

  /** Which of them are subscribers of the topic. */
  async among({ tenant_id, _id }: TopicDoc, subscribers: readonly string[]): Promise<Set<string>> {
    if (subscribers.length === 0) return new Set();
    const ids = subscribers.map((subscriber) => subscriptionId(_id, subscriber));
    const found = await this.subscriptions.find(tenant_id, { _id: { $in: ids } }, { fields: ['subscriber'] });
    return new Set(found.map(({ subscriber }) => subscriber));
  }

  /** In the order of their ids, after the one with the id `after`. */
  page({ tenant_id, _id }: TopicDoc, limit: number, after?: string, skip = 0): Promise<SubscriptionDoc[]> {
    const where = { topic_id: _id, ...(after ? { _id: { $gt: after } } : {}) };
    return this.subscriptions.find(tenant_id, where, { sort: { _id: 1 }, limit, skip });
  }

  ofSubscriber(tenant: TenantId, subscriber: string, limit: number, after?: string): Promise<SubscriptionDoc[]> {
    const where = { subscriber, ...(after ? { _id: { $gt: after } } : {}) };
    return this.subscriptions.find(tenant, where, { sort: { _id: 1 }, limit });
  }

  async prefer({ tenant_id, _id }: TopicDoc, subscriber: string, preference: Preference | null): Promise<void> {
    const update = preference === null ? { $unset: { preference: '' as const } } : { $set: { preference } };
    await this.subscriptions.updateOne(tenant_id, { _id: subscriptionId(_id, subscriber) }, update);
  }

  async remove({ tenant_id, _id }: TopicDoc, subscriber: string): Promise<boolean> {
    return (await this.subscriptions.deleteOne(tenant_id, { _id: subscriptionId(_id, subscriber) })).deleted === 1;
  }

  async removeOf(tenant: TenantId, subscribers: readonly string[]): Promise<void> {
    await this.subscriptions.acrossTenants.deleteMany({ tenant_id: tenant, subscriber: { $in: subscribers } });
  }

  async removeAll(topic: TopicDoc): Promise<void> {
    const { tenant_id, _id: topic_id } = topic;
    for (;;) {
      const ids = (await this.page(topic, BATCH)).map(({ _id }) => _id);
      if (ids.length > 0) await this.subscriptions.acrossTenants.deleteMany({ tenant_id, topic_id, _id: { $in: ids } });
      if (ids.length < BATCH) return;
    }
  }
}
