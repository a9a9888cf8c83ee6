import { derivedId } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { Preference } from '../../domain/preference.js';

/** Something that people and devices can subscribe to. */
export interface TopicDoc {
  _id: string;
  tenant_id: TenantId;
  name: string;
  title: string | null;
  created_at: Date;
}

/** One subscriber of one topic: a person, or a device whoever it belongs to. */
export interface SubscriptionDoc {
  /** The same for the same topic and subscriber, so that nobody is in it twice. */
  _id: string;
  tenant_id: TenantId;
  topic_id: string;
  /** `per_...` or `tok_...` */
  subscriber: string;
  /** In this topic the person's own preference doesn't count. */
  preference?: Preference;
  created_at: Date;
}

export function subscriptionId(topicId: string, subscriber: string): string {
  return derivedId('sub', topicId, subscriber);
}

export function newSubscription(topic: TopicDoc, subscriber: string, now: Date): SubscriptionDoc {
  const { _id: topic_id, tenant_id } = topic;
  return { _id: subscriptionId(topic_id, subscriber), tenant_id, topic_id, subscriber, created_at: now };
}

export function showTopic({ name, title, created_at }: TopicDoc) {
  return { name, title, created_at };
}

export function showSubscriber({ subscriber, preference, created_at }: SubscriptionDoc) {
  return { id: subscriber, preference: preference ?? null, created_at };
}
