import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Channel } from '../domain/channel.js';
import type { Span } from '../domain/time.js';
import type { InboundDoc } from './inbound-message.js';

export interface InboundFilter {
  agentId?: string | undefined;
  carrier?: string | undefined;
  channel?: Channel | undefined;
  /** E.164 for phone numbers. */
  from?: string | undefined;
  to?: string | undefined;
}

@Injectable()
export class InboundRepository {
  private readonly messages: TenantCollection<InboundDoc>;
  readonly old: OldRows<InboundDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<InboundDoc>('inbound_messages'));
    this.old = new OldRows(this.messages, 'inb');
  }

  /** Returns the positions of texts that were already stored. */
  async insertNew(messages: readonly InboundDoc[]): Promise<number[]> {
    return (await this.messages.acrossTenants.insertMany(messages)).duplicates;
  }

  list(tenant: TenantId, filter: InboundFilter, limit: number, skip: number, before?: string): Promise<InboundDoc[]> {
    const { agentId, carrier, channel, from, to } = filter;
    const where = {
      ...(agentId ? { agent_id: agentId } : {}),
      ...(carrier ? { carrier } : {}),
      ...(channel ? { channel: channel === 'sms' ? null : channel } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.messages.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  byId(tenant: TenantId, id: string): Promise<InboundDoc | null> {
    return this.messages.findOne(tenant, { _id: id });
  }

  /** Across tenants, for the worker: in the order in which they came. */
  toHandle(now: Date, limit: number): Promise<InboundDoc[]> {
    return this.messages.acrossTenants.find({ handle_at: { $lte: now } }, { sort: { handle_at: 1, _id: 1 }, limit });
  }

  async handled(tenant: TenantId, id: string): Promise<void> {
    await this.messages.updateOne(tenant, { _id: id }, { $unset: { handle_at: '', handle_tries: '' } });
  }

  /** Only once for each try: another gateway may have failed with it, too. */
  async handleAgain(tenant: TenantId, id: string, tries: number, handle_at: Date): Promise<void> {
    const where = { _id: id, handle_at: { $exists: true }, handle_tries: tries === 0 ? { $in: [null, 0] } : tries };
    await this.messages.updateOne(tenant, where, { $set: { handle_at, handle_tries: tries + 1 } });
  }

  /** From the worker, only while it is as it was seen. */
  async hide(tenant: TenantId, id: string, handle_at: Date): Promise<void> {
    await this.messages.updateOne(tenant, { _id: id, handle_at }, { $unset: { handle_at: '' } });
  }

  /** Back to the worker, which has all its tries again; a text that is handled has none left. */
  async show(tenant: TenantId, id: string, handle_at: Date): Promise<void> {
    const where = { _id: id, handle_at: null, handle_tries: { $exists: true } };
    await this.messages.updateOne(tenant, where, { $set: { handle_at, handle_tries: 0 } });
  }

  blank(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    const update = { $set: { text: '', text_blanked_at: now } };
    return this.old.batch(tenant, span, after, ['text_blanked_at'], (page) => {
      const left = page.filter(({ text_blanked_at }) => !text_blanked_at);
      return this.messages.acrossTenants.updateEach(
        left.map(({ _id }) => ({ filter: { _id, tenant_id: tenant }, update })),
      );
    });
  }
}
