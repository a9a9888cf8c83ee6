import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { InboundDoc } from './inbound-message.js';

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

  list(
    tenant: TenantId,
    filter: { agentId?: string; from?: string },
    limit: number,
    skip: number,
    before?: string,
  ): Promise<InboundDoc[]> {
    const where = {
      ...(filter.agentId ? { agent_id: filter.agentId } : {}),
      ...(filter.from ? { from: filter.from } : {}),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.messages.find(tenant, where, { sort: { _id: -1 }, limit, skip });
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
