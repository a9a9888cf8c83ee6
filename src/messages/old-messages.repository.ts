import { Injectable } from '@nestjs/common';
import { idsFrom } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import { blanked } from './changes.js';
import type { MessageDoc } from './message.js';

const PAGE = 200;
const WAITING = ['PENDING', 'ASSIGNED', 'SENDING'] as const;
const THROUGH = ['SENT', 'DELIVERED', 'FAILED', 'CANCELED'] as const;

/** Messages whose days are over. */
@Injectable()
export class OldMessagesRepository {
  private readonly messages: TenantCollection<MessageDoc>;
  private readonly old: OldRows<MessageDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
    this.old = new OldRows(this.messages, 'msg');
  }

  first(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  /** Whether a message of the span may still go out, or is on its way. */
  isWaiting(tenant: TenantId, span: Span): Promise<boolean> {
    return this.old.has(tenant, span, { status: { $in: WAITING } });
  }

  /** Takes the text from what is through. */
  blank(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    return this.old.batch(tenant, span, after, ['status', 'text_blanked_at'], (page) => {
      const through = page.filter((row) => !row.text_blanked_at && THROUGH.includes(row.status as never));
      return this.take(tenant, through, now);
    });
  }

  /** The same for texts of masked conversations that are older than `before`, by the index that has only those with a text. */
  async blankMasked(tenant: TenantId, before: Date, after: string | null, now: Date): Promise<string | null> {
    const where = { masked_text: true, _id: { $lt: idsFrom('msg', before), ...(after ? { $gt: after } : {}) } };
    const page = await this.messages.find(tenant, where, { sort: { _id: 1 }, limit: PAGE, fields: ['status'] });
    const through = page.filter(({ status }) => THROUGH.includes(status as never));
    await this.take(tenant, through, now);
    return page.length < PAGE ? null : page.at(-1)!._id;
  }

  private take(tenant: TenantId, rows: readonly Pick<MessageDoc, '_id'>[], now: Date) {
    return this.messages.acrossTenants.updateEach(
      rows.map(({ _id }) => ({
        filter: { _id, tenant_id: tenant, status: { $in: THROUGH } },
        update: blanked(now),
      })),
    );
  }

  remove(tenant: TenantId, span: Span, after: string | null): Promise<string | null> {
    return this.old.remove(tenant, span, after, { status: { $in: THROUGH } });
  }
}
