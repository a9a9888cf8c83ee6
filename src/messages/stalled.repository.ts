import { Injectable } from '@nestjs/common';
import type { IdsBelow } from '../common/merge-newest.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection, type TenantFilter } from '../database/tenant-collection.js';
import type { MessageDoc } from './message.js';

/** What waits for a phone that is away, and what was begun and never confirmed. Newest first. */
@Injectable()
export class StalledRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** One list for each agent and status, so that the index gives the order. What was leased from a queue that others serve isn't waiting. */
  waitingFor(tenant: TenantId, agentIds: readonly string[], servedQueues: readonly string[]): IdsBelow[] {
    const elsewhere = servedQueues.length > 0 ? { queue: { $nin: servedQueues } } : {};
    return agentIds.flatMap((agent_id) => [
      this.ids(tenant, { agent_id, status: 'PENDING' }),
      this.ids(tenant, { agent_id, status: 'ASSIGNED', ...elsewhere }),
    ]);
  }

  unconfirmed(tenant: TenantId, since: Date): IdsBelow {
    return this.ids(tenant, { status: 'SENDING', updated_at: { $lt: since } });
  }

  /** Newest first. */
  async whole(tenant: TenantId, ids: readonly string[]): Promise<MessageDoc[]> {
    return this.messages.find(tenant, { _id: { $in: ids } }, { sort: { _id: -1 } });
  }

  private ids(tenant: TenantId, filter: TenantFilter<MessageDoc>): IdsBelow {
    return async (edge, limit) => {
      const below = edge ? { _id: { $lt: edge } } : {};
      const options = { sort: { _id: -1 }, limit, fields: [] } as const;
      const found = await this.messages.find(tenant, { ...filter, ...below }, options);
      return found.map(({ _id }) => _id);
    };
  }
}
