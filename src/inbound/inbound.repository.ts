import { Injectable } from '@nestjs/common';
import { idsFrom } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Channel } from '../domain/channel.js';
import type { Span } from '../domain/time.js';
import type { InboundDoc } from './inbound-message.js';

const PAGE = 200;

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

  async handled(tenant: TenantId, id: string, isMasked: boolean): Promise<void> {
    const set = isMasked ? { $set: { masked_text: true } } : {};
    await this.messages.updateOne(tenant, { _id: id }, { ...set, $unset: { handle_at: '', handle_tries: '' } });
  }

  async markMasked(tenant: TenantId, id: string): Promise<void> {
    await this.messages.updateOne(tenant, { _id: id, text_blanked_at: null }, { $set: { masked_text: true } });
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
    return this.old.batch(tenant, span, after, ['text_blanked_at'], (page) =>
      this.take(
        tenant,
        page.filter(({ text_blanked_at }) => !text_blanked_at),
        now,
      ),
    );
  }

  /** The same for texts of masked conversations that are older than `before`, by the index that has only those with a text. */
  async blankMasked(tenant: TenantId, before: Date, now: Date): Promise<string | null> {
    const where = { masked_text: true, _id: { $lt: idsFrom('inb', before) } };
    const page = await this.messages.find(tenant, where, { sort: { _id: 1 }, limit: PAGE, fields: [] });
    await this.take(tenant, page, now);
    return page.length < PAGE ? null : page.at(-1)!._id;
  }

  private take(tenant: TenantId, rows: readonly Pick<InboundDoc, '_id'>[], now: Date) {
    const update = { $set: { text: '', text_blanked_at: now }, $unset: { masked_text: '' as const } };
    return this.messages.acrossTenants.updateEach(
      rows.map(({ _id }) => ({ filter: { _id, tenant_id: tenant }, update })),
    );
  }
}
