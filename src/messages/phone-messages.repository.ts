import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import { isLive } from '../domain/lease.js';
import type { MessageDoc } from './message.js';

const HELD = ['status', 'lease', 'segments'] as const;
export type HeldMessage = Pick<MessageDoc, '_id' | (typeof HELD)[number]>;
const FAILED = ['last_error', 'failed_at', 'history'] as const;
export type FailedMessage = Pick<MessageDoc, '_id' | (typeof FAILED)[number]>;

const NEWEST = { _id: -1 } as const;

/** What a person wants to know of one phone's messages: each is a short read of an index. */
@Injectable()
export class PhoneMessagesRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** Messages that may be leased from these queues now, counted to `most` in each. A queue's key begins with its tenant. */
  async ready(queues: readonly string[], most: number): Promise<number> {
    const counts = await Promise.all(
      queues.map((queue) => this.messages.acrossTenants.count({ queue, ready: true }, { limit: most })),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** What it has in its hands, the newest first, `most` of those leased and of those begun. */
  async held(tenant: TenantId, agentId: string, now: Date, most: number): Promise<HeldMessage[]> {
    const [leased, begun] = await Promise.all(
      (['ASSIGNED', 'SENDING'] as const).map((status) =>
        this.messages.find(tenant, { agent_id: agentId, status }, { sort: NEWEST, limit: most, fields: HELD }),
      ),
    );
    // One whose lease ran out stays ASSIGNED to it until somebody leases it anew.
    return [...begun!, ...leased!.filter(({ lease }) => isLive(lease, now))];
  }

  /** What failed while it was its own, the last accepted first. */
  failed(tenant: TenantId, agentId: string, most: number): Promise<FailedMessage[]> {
    const options = { sort: NEWEST, limit: most, fields: FAILED };
    return this.messages.find(tenant, { agent_id: agentId, status: 'FAILED' }, options);
  }
}
