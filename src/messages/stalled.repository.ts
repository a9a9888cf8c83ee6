import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { MessageDoc } from './message.js';

/** What waits for a phone that is away, and what was begun and never confirmed. Newest first. */
@Injectable()
export class StalledRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** Each agent and status by itself, so that the index gives the order. */
  async waitingFor(tenant: TenantId, agentIds: readonly string[], limit: number, edge?: string): Promise<MessageDoc[]> {
    const ids = edge ? { _id: { $lt: edge } } : {};
    const lists = await Promise.all(
      agentIds.flatMap((agent_id) =>
        (['PENDING', 'ASSIGNED'] as const).map((status) =>
          this.messages.find(tenant, { agent_id, status, ...ids }, { sort: { _id: -1 }, limit }),
        ),
      ),
    );
    return lists.flat();
  }

  unconfirmed(tenant: TenantId, since: Date, limit: number, edge?: string): Promise<MessageDoc[]> {
    const ids = edge ? { _id: { $lt: edge } } : {};
    return this.messages.find(
      tenant,
      { status: 'SENDING', updated_at: { $lt: since }, ...ids },
      { sort: { _id: -1 }, limit },
    );
  }
}
