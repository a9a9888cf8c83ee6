import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import type { TenantId } from '../../common/tenant-id.js';
import { People } from '../../people/people.js';
import { PersonRemoval } from '../../people/person-removal.js';
import type { Audience } from '../notification.js';
import type { SubscriptionDoc, TopicDoc } from './topic.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { TopicsRepository } from './topics.repository.js';

/** Topics, as whoever sends to one needs them. */
@Injectable()
export class Topics {
  constructor(
    private readonly topics: TopicsRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly people: People,
    removal: PersonRemoval,
  ) {
    removal.register({
      person: (tenant, id) => subscriptions.removeOf(tenant, [id]),
      tokens: (tenant, ids) => subscriptions.removeOf(tenant, ids),
    });
  }

  /** @throws ApiError 404 */
  async mustFind(tenant: TenantId, name: string): Promise<TopicDoc> {
    const topic = await this.topics.byName(tenant, name);
    if (!topic) throw notFound('topic', name);
    return topic;
  }

  exists(tenant: TenantId, name: string): Promise<boolean> {
    return this.topics.byName(tenant, name).then((topic) => topic !== null);
  }

  /** The next of a topic's subscribers; nobody where the topic is gone by now. */
  async page(
    tenant: TenantId,
    name: string,
    limit: number,
    after: string | undefined,
  ): Promise<{ audience: Audience[]; last: string | null }> {
    const topic = await this.topics.byName(tenant, name);
    if (!topic) return { audience: [], last: null };
    const page = await this.subscriptions.page(topic, limit, after);
    return { audience: await this.audienceOf(topic, page), last: page.length < limit ? null : page.at(-1)!._id };
  }

  /** Whoever is there as a person isn't told by a device of theirs as well. */
  private async audienceOf(topic: TopicDoc, page: readonly SubscriptionDoc[]): Promise<Audience[]> {
    const tokenIds = page.flatMap(({ subscriber }) => (subscriber.startsWith('tok_') ? [subscriber] : []));
    const tokens = (await this.people.tokensByIds(topic.tenant_id, tokenIds)).filter(({ dead }) => !dead);
    const owners = await this.subscriptions.among(
      topic,
      tokens.flatMap(({ person_id }) => person_id ?? []),
    );
    const byId = new Map(tokens.map((token) => [token._id, token]));
    return page.flatMap(({ subscriber, preference }): Audience[] => {
      if (!subscriber.startsWith('tok_')) return [{ person: subscriber, ...(preference ? { preference } : {}) }];
      const token = byId.get(subscriber);
      if (!token || preference === 'none' || owners.has(token.person_id ?? '')) return [];
      return [{ token: { kind: token.kind, value: token.value } }];
    });
  }
}
