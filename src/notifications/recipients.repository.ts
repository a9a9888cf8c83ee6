import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { RecipientDoc } from './notification.js';

@Injectable()
export class RecipientsRepository {
  private readonly recipients: TenantCollection<RecipientDoc>;
  private readonly old: OldRows<RecipientDoc>;

  constructor(@InjectStore() store: Store) {
    this.recipients = new TenantCollection(store.collection<RecipientDoc>('notification_recipients'));
    this.old = new OldRows(this.recipients, 'rcp');
  }

  /** Those that are there already stay as they are; all as they are stored. */
  async insertMissing(recipients: readonly RecipientDoc[]): Promise<RecipientDoc[]> {
    if (recipients.length === 0) return [];
    const { duplicates } = await this.recipients.acrossTenants.insertMany(recipients);
    if (duplicates.length === 0) return [...recipients];
    const there = new Set(duplicates);
    const ids = duplicates.map((position) => recipients[position]!._id);
    const stored = await this.recipients.find(recipients[0]!.tenant_id, { _id: { $in: ids } });
    return [...recipients.filter((_, i) => !there.has(i)), ...stored];
  }

  first(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  remove(tenant: TenantId, span: Span, after: string | null): Promise<string | null> {
    return this.old.remove(tenant, span, after);
  }

  /** Of one notification, in the order of their ids, after the one with the id `after`. */
  ofNotification(tenant: TenantId, notificationId: string, limit: number, after?: string): Promise<RecipientDoc[]> {
    const where = { notification_id: notificationId, ...(after ? { _id: { $gt: after } } : {}) };
    return this.recipients.find(tenant, where, { sort: { _id: 1 }, limit });
  }
}
