import { Injectable } from '@nestjs/common';
import { idsFrom, type IdPrefix } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { DuplicateKeyError } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import { blanked } from '../messages/changes.js';
import type { MessageDoc } from '../messages/message.js';

/** A text that somebody may want gone: of an inbound message, or of one of ours. */
interface TextDoc {
  _id: string;
  tenant_id: TenantId;
  text: string;
  text_blanked_at?: Date;
}
interface RequestDoc {
  _id: string;
  tenant_id: TenantId;
  expanded: boolean;
}

export type RetentionTask = 'blank' | 'remove';
/** How far a tenant's task has come. */
export interface RetentionState {
  _id: string;
  tenant_id: TenantId;
  rev: number;
  /** Every hour before it was looked at... */
  done_before: Date;
  /** ...and these had to be left, since a message of them was still waiting. */
  left: Date[];
  /** The last inbound text that was blanked. */
  inbound_after?: string;
}

/** From `from` on, before `to`. */
export interface Span {
  from: Date;
  to: Date;
}

const WAITING = ['PENDING', 'ASSIGNED', 'SENDING'] as const;
const THROUGH = ['SENT', 'DELIVERED', 'FAILED', 'CANCELED'] as const;
const BATCH = 200;

/** Each call is one small batch; what it answers says whether there is more. */
@Injectable()
export class RetentionRepository {
  private readonly states: TenantCollection<RetentionState>;
  private readonly messages: TenantCollection<MessageDoc>;
  private readonly requests: TenantCollection<RequestDoc>;
  private readonly inbound: TenantCollection<TextDoc>;

  constructor(@InjectStore() store: Store) {
    this.states = new TenantCollection(store.collection<RetentionState>('retention_states'));
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
    this.requests = new TenantCollection(store.collection<RequestDoc>('sms_requests'));
    this.inbound = new TenantCollection(store.collection<TextDoc>('inbound_messages'));
  }

  async state(tenant: TenantId, task: RetentionTask): Promise<RetentionState> {
    const _id = `${tenant}:${task}`;
    const found = await this.states.findOne(tenant, { _id });
    return found ?? { _id, tenant_id: tenant, rev: 0, done_before: new Date(0), left: [] };
  }

  /** False when another gateway is at the same task. */
  async save(state: RetentionState): Promise<boolean> {
    const { _id, tenant_id: tenant, rev, ...fields } = state;
    if (rev > 0) {
      const update = { $set: fields, $inc: { rev: 1 } };
      return (await this.states.updateOne(tenant, { _id, rev }, update)).matched === 1;
    }
    try {
      await this.states.insertOne(tenant, { _id, rev: 1, ...fields });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** The id of the first message of a span; null when there is none. */
  async firstMessage(tenant: TenantId, span: Span): Promise<string | null> {
    const options = { sort: { _id: 1 }, fields: ['_id'] } as const;
    return (await this.messages.findOne(tenant, { _id: within('msg', span) }, options))?._id ?? null;
  }

  /** Whether a message of the span may still go out, or is on its way. */
  async isWaiting(tenant: TenantId, span: Span): Promise<boolean> {
    const filter = { status: { $in: WAITING }, _id: within('msg', span) };
    return (await this.messages.count(tenant, filter, { limit: 1 })) > 0;
  }

  /** Takes the text from what is through. Answers the last id it looked at; null at the end. */
  async blankMessages(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    const range = { ...within('msg', span), ...(after ? { $gt: after } : {}) };
    const page = await this.messages.find(
      tenant,
      { _id: range },
      { sort: { _id: 1 }, limit: BATCH, fields: ['status', 'text_blanked_at'] },
    );
    const through = page.filter(({ status, text_blanked_at }) => !text_blanked_at && THROUGH.includes(status as never));
    await this.messages.acrossTenants.updateEach(
      through.map(({ _id }) => ({
        filter: { _id, tenant_id: tenant, status: { $in: THROUGH } },
        update: blanked(now),
      })),
    );
    return page.length < BATCH ? null : page.at(-1)!._id;
  }

  async blankInbound(tenant: TenantId, before: Date, after: string | undefined, now: Date): Promise<string | null> {
    const ids = { ...(after ? { $gt: after } : {}), $lt: idsFrom('inb', before) };
    const page = await this.inbound.find(tenant, { _id: ids }, { sort: { _id: 1 }, limit: BATCH, fields: ['_id'] });
    await this.inbound.acrossTenants.updateEach(
      page.map(({ _id }) => ({
        filter: { _id, tenant_id: tenant },
        update: { $set: { text: '', text_blanked_at: now } },
      })),
    );
    return page.at(-1)?._id ?? null;
  }

  removeMessages(tenant: TenantId, span: Span): Promise<boolean> {
    return removeBatch(this.messages, tenant, within('msg', span), { status: { $in: THROUGH } });
  }

  removeRequests(tenant: TenantId, span: Span): Promise<boolean> {
    return removeBatch(this.requests, tenant, within('req', span), { expanded: true });
  }

  removeInbound(tenant: TenantId, before: Date): Promise<boolean> {
    return removeBatch(this.inbound, tenant, within('inb', { from: new Date(0), to: before }), {});
  }
}

/** Removes the first of a range; answers whether there may be more. */
async function removeBatch<T extends { _id: string; tenant_id: TenantId }>(
  collection: TenantCollection<T>,
  tenant: TenantId,
  range: { $gte: string; $lt: string },
  also: object,
): Promise<boolean> {
  const filter = { ...also, _id: range } as Parameters<typeof collection.find>[1];
  const page = await collection.find(tenant, filter, { sort: { _id: 1 }, limit: BATCH, fields: ['_id'] });
  if (page.length === 0) return false;
  const ids = { $gte: page[0]!._id, $lte: page.at(-1)!._id };
  await collection.acrossTenants.deleteMany({ ...also, tenant_id: tenant, _id: ids } as never);
  return page.length === BATCH;
}

function within(prefix: IdPrefix, { from, to }: Span): { $gte: string; $lt: string } {
  return { $gte: idsFrom(prefix, from), $lt: idsFrom(prefix, to) };
}
