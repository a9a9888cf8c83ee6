import { Injectable } from '@nestjs/common';
import { messageIdRange } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import type { Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import { ChangedMinutes } from './counting/changed-minutes.js';
import { CLAIMED, HEAD, type Claimed, type Head } from './candidate.js';
import type { CarrierReference, MessageDoc } from './message.js';
import { MessageEvents } from './message-events.js';

const PAGE = 500;
const OPEN = ['PENDING', 'ASSIGNED', 'SENDING'] as const;
const MOST_COUNTED = 100_000;

export type Fate = Pick<MessageDoc, 'status' | 'last_error'>;

const STATE = [
  'status',
  'last_error',
  'delivery',
  'schedule_at',
  'expires_at',
  'sent_at',
  'delivered_at',
  'failed_at',
] as const;
/** How far a message is. */
export type MessageState = Pick<MessageDoc, '_id' | (typeof STATE)[number]>;

/** Messages of one tenant. What dispatching needs across tenants is in QueueRepository. */
@Injectable()
export class MessagesRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(
    @InjectStore() store: Store,
    private readonly events: MessageEvents,
    private readonly minutes: ChangedMinutes,
  ) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** Existing ids are left as they are: expanding a request again changes nothing. */
  async insertMissing(messages: readonly MessageDoc[]): Promise<void> {
    const { duplicates } = await this.minutes.around(messages, () => this.messages.acrossTenants.insertMany(messages));
    const known = new Set(duplicates);
    messages.forEach((message, i) => known.has(i) || this.events.accepted(message));
  }

  byId(tenant: TenantId, id: string): Promise<MessageDoc | null> {
    return this.messages.findOne(tenant, { _id: id });
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<MessageDoc[]> {
    return this.messages.find(tenant, { _id: { $in: ids } });
  }

  /** The one message that a carrier knows by this id. */
  byCarrierReference(tenant: TenantId, { name, account, ref }: Required<CarrierReference>): Promise<MessageDoc | null> {
    return this.messages.findOne(tenant, { 'carrier.name': name, 'carrier.account': account, 'carrier.ref': ref });
  }

  /** What became of them so far, by id; what doesn't exist is absent. */
  async fates(tenant: TenantId, ids: readonly string[]): Promise<Map<string, Fate>> {
    const found = await this.messages.find(tenant, { _id: { $in: ids } }, { fields: ['status', 'last_error'] });
    return new Map(found.map((message) => [message._id, message]));
  }

  /** How far they are, by id; what doesn't exist is absent. */
  async states(tenant: TenantId, ids: readonly string[]): Promise<Map<string, MessageState>> {
    const found = await this.messages.find(tenant, { _id: { $in: ids } }, { fields: STATE });
    return new Map(found.map((message) => [message._id, message]));
  }

  /** What waits for an address, or is in a holder's hands and not begun, after the message with the id `after`. */
  waitingFor(tenant: TenantId, to: string, limit: number, after?: string): Promise<Head[]> {
    const where = { to, status: { $in: ['PENDING', 'ASSIGNED'] }, ...(after ? { _id: { $gt: after } } : {}) };
    return this.messages.find(tenant, where, { sort: { _id: 1 }, limit, fields: HEAD });
  }

  /** The messages of one request in their order, after the one with the id `after`. */
  ofRequest(tenant: TenantId, requestId: string, limit: number, after?: string): Promise<MessageDoc[]> {
    const { from, to } = messageIdRange(requestId);
    const ids = { ...(after ? { $gt: after } : { $gte: from }), $lt: to };
    return this.messages.find(tenant, { _id: ids }, { sort: { _id: 1 }, limit });
  }

  /** Read in short queries: 5,000 counted in one would hold up everybody's for 80 ms. */
  async countByStatus(tenant: TenantId, requestId: string): Promise<Record<string, number>> {
    const { from, to } = messageIdRange(requestId);
    const counts: Record<string, number> = {};
    let ids: { $gte: string; $lt: string } | { $gt: string; $lt: string } = { $gte: from, $lt: to };
    for (;;) {
      const options = { sort: { _id: 1 }, limit: PAGE, fields: ['status'] } as const;
      const page = await this.messages.find(tenant, { _id: ids }, options);
      for (const { status } of page) counts[status] = (counts[status] ?? 0) + 1;
      if (page.length < PAGE) return counts;
      ids = { $gt: page.at(-1)!._id, $lt: to };
    }
  }

  /** What an agent was given and has told nothing of, in the order of acceptance; of some of it the lease may have run out. */
  assignedTo(tenant: TenantId, agentId: string, limit: number): Promise<Claimed[]> {
    const where = { agent_id: agentId, status: 'ASSIGNED' } as const;
    return this.messages.find(tenant, where, { sort: { _id: 1 }, limit, fields: CLAIMED });
  }

  /** Of an agent's messages that are not through; no status is counted further than MOST_COUNTED. */
  async countOpenOfAgent(tenant: TenantId, agentId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const status of OPEN) {
      const count = await this.messages.count(tenant, { agent_id: agentId, status }, { limit: MOST_COUNTED });
      if (count > 0) counts[status] = count;
    }
    return counts;
  }

  /** The compare-and-set behind every change: only while the message is as it was read. */
  async change(seen: MessageDoc, update: Update): Promise<MessageDoc | null> {
    const changed = await this.minutes.change([{ seen, update }], () =>
      this.messages.findOneAndUpdate(seen.tenant_id, { _id: seen._id, rev: seen.rev }, update),
    );
    if (changed) this.events.written(changed, update);
    return changed;
  }

  /** The same for many side by side; says for each whether it was made. */
  async changeEach(changes: readonly { seen: MessageDoc; update: Update }[]): Promise<boolean[]> {
    const updates = changes.map(({ seen, update }) => ({
      filter: { _id: seen._id, tenant_id: seen.tenant_id, rev: seen.rev },
      update,
    }));
    const { matched } = await this.minutes.change(changes, () => this.messages.acrossTenants.updateEach(updates));
    changes.forEach(({ seen, update }, i) => matched[i] && this.events.written(seen, update));
    return matched;
  }
}
