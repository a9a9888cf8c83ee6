import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Client, User } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { ApiError, conflict, invalidField, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import { cursorId, listOf, type Page } from '../../common/paging.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { Preference } from '../../domain/preference.js';
import { People } from '../../people/people.js';
import type { SubscribeDto } from './dto/subscribe.dto.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';
import { newSubscription, showSubscriber, showTopic, type TopicDoc } from './topic.js';
import { Topics } from './topics.js';
import { TopicsRepository } from './topics.repository.js';

type Caller = Client | User;
const MOST = 5000;

@Injectable()
export class TopicsService {
  constructor(
    private readonly topics: Topics,
    private readonly repository: TopicsRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly people: People,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async create(caller: Caller, { name, title }: { name: string; title?: string | undefined }) {
    const { tenant } = caller;
    const topic = { _id: newId('top'), tenant_id: tenant, name, title: title ?? null, created_at: this.clock.now() };
    if (!(await this.repository.insertNew(topic)))
      throw conflict('topic_exists', `There is a topic ${name} already.`, [{ field: 'name', message: 'is taken' }]);
    await this.audit.record(caller, 'CREATE_TOPIC', { name });
    return showTopic(topic);
  }

  async list({ tenant }: Caller, page: Page) {
    return listOf(await this.repository.list(tenant, page.limit, page.skip, cursorId(page)), page, showTopic);
  }

  async get({ tenant }: Caller, name: string) {
    return showTopic(await this.topics.mustFind(tenant, name));
  }

  async remove(caller: Caller, name: string): Promise<void> {
    const topic = await this.topics.mustFind(caller.tenant, name);
    await this.repository.remove(topic);
    await this.subscriptions.removeAll(topic);
    await this.audit.record(caller, 'DELETE_TOPIC', { name });
  }

  async listSubscribers({ tenant }: Caller, name: string, page: Page) {
    const topic = await this.topics.mustFind(tenant, name);
    return listOf(await this.subscriptions.page(topic, page.limit, cursorId(page), page.skip), page, showSubscriber);
  }

  async getSubscriber({ tenant }: Caller, name: string, id: string) {
    const found = await this.subscriptions.of(await this.topics.mustFind(tenant, name), id);
    if (!found) throw notFound('subscriber', id);
    return showSubscriber(found);
  }

  /** New ones are added; of one that is there, only the preference changes, and only when it is said. */
  async subscribe({ tenant }: Caller, name: string, id: string, preference: Preference | null | undefined) {
    const topic = await this.topics.mustFind(tenant, name);
    const [missing] = await this.missing(tenant, [id]);
    if (missing !== undefined) throw notFound('subscriber', id);
    return this.put(topic, id, preference);
  }

  async put(topic: TopicDoc, id: string, preference: Preference | null | undefined) {
    await this.subscriptions.insertMissing([newSubscription(topic, id, this.clock.now())]);
    if (preference !== undefined) await this.subscriptions.prefer(topic, id, preference);
    const stored = await this.subscriptions.of(topic, id);
    if (!stored) throw notFound('subscriber', id);
    return showSubscriber(stored);
  }

  /** Whoever hasn't subscribed has nothing to end. */
  async unsubscribe({ tenant }: Caller, name: string, id: string): Promise<void> {
    const topic = await this.topics.mustFind(tenant, name);
    if (!(await this.subscriptions.remove(topic, id)) && (await this.missing(tenant, [id])).length > 0)
      throw notFound('subscriber', id);
  }

  /** All of them or, when one of the people is unknown, none. Devices that are new here are registered. */
  async subscribeMany({ tenant }: Caller, name: string, { people = [], tokens = [], fids = [] }: SubscribeDto) {
    const topic = await this.topics.mustFind(tenant, name);
    if (people.length + tokens.length + fids.length > MOST)
      throw invalidField('people', `are more than ${MOST}, with tokens and fids; send them in several calls`);
    const missing = await this.missing(tenant, people);
    if (missing.length > 0) {
      const details = missing.slice(0, 100).map((id) => ({
        field: `people.${people.indexOf(id)}`,
        message: 'is nobody here',
      }));
      throw new ApiError(404, 'person_not_found', `Person ${missing[0]!.slice(0, 60)} does not exist.`, details);
    }
    const rows = await this.people.registered(tenant, [
      ...tokens.map((value) => ({ kind: 'token' as const, value })),
      ...fids.map((value) => ({ kind: 'fid' as const, value })),
    ]);
    const now = this.clock.now();
    const ids = new Set([...people, ...rows.map(({ _id }) => _id)]);
    const added = await this.subscriptions.insertMissing([...ids].map((id) => newSubscription(topic, id, now)));
    return { added, known: ids.size - added };
  }

  private async missing(tenant: TenantId, ids: readonly string[]): Promise<string[]> {
    const tokenIds = ids.filter((id) => id.startsWith('tok_'));
    const [people, tokens] = await Promise.all([
      this.people.byIds(
        tenant,
        ids.filter((id) => !id.startsWith('tok_')),
      ),
      this.people.tokensByIds(tenant, tokenIds),
    ]);
    const known = new Set([...people, ...tokens].map(({ _id }) => _id));
    return ids.filter((id) => !known.has(id));
  }
}
