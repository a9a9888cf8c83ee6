import { Injectable } from '@nestjs/common';
import type { User } from '../../auth/principal.js';
import type { Preference } from '../../domain/preference.js';
import { People } from '../../people/people.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { Topics } from './topics.js';
import { TopicsRepository } from './topics.repository.js';
import { TopicsService } from './topics.service.js';

/** Nobody reads a longer list, and few have it. */
const MOST = 500;

/** Topics, as a user sees them for themselves. */
@Injectable()
export class MyTopicsService {
  constructor(
    private readonly topics: Topics,
    private readonly repository: TopicsRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly service: TopicsService,
    private readonly people: People,
  ) {}

  async list(user: User) {
    const subscriptions = await this.subscriptions.ofSubscriber(user.tenant, await this.personOf(user), MOST);
    const ids = subscriptions.map(({ topic_id }) => topic_id);
    const topics = new Map((await this.repository.byIds(user.tenant, ids)).map((topic) => [topic._id, topic]));
    const items = subscriptions.flatMap(({ topic_id, preference, created_at }) => {
      const topic = topics.get(topic_id);
      return topic ? [{ name: topic.name, title: topic.title, preference: preference ?? null, created_at }] : [];
    });
    return { items, count: items.length };
  }

  async subscribe(user: User, name: string, preference: Preference | null | undefined) {
    const topic = await this.topics.mustFind(user.tenant, name);
    const stored = await this.service.put(topic, await this.personOf(user), preference);
    return { name: topic.name, title: topic.title, preference: stored.preference, created_at: stored.created_at };
  }

  /** Nothing is wrong with ending what isn't there. */
  async unsubscribe(user: User, name: string): Promise<void> {
    const topic = await this.topics.mustFind(user.tenant, name);
    await this.subscriptions.remove(topic, await this.personOf(user));
  }

  private async personOf({ tenant, id }: User): Promise<string> {
    return (await this.people.ofUser(tenant, id))._id;
  }
}
