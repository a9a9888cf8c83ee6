import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { OldRows } from '../database/old-rows.js';
import type { Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { RecipientDoc, RecipientOutcome } from './notification.js';

interface RecipientPage {
  limit: number;
  skip?: number;
  after?: string | undefined;
  outcome?: RecipientOutcome | undefined;
}

const READ = 200;

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
    const stored = await this.byIds(recipients[0]!.tenant_id, ids);
    return [...recipients.filter((_, i) => !there.has(i)), ...stored];
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<RecipientDoc[]> {
    return this.recipients.find(tenant, { _id: { $in: ids } });
  }

  /** For a link that names nobody's tenant. */
  byIdInAnyTenant(id: string): Promise<RecipientDoc | null> {
    return this.recipients.acrossTenants.findOne({ _id: id });
  }

  /** Those of whom more may be heard by one of the messages. */
  following(tenant: TenantId, messageIds: readonly string[]): Promise<RecipientDoc[]> {
    return this.recipients.find(tenant, { following: { $in: messageIds } });
  }

  /** Across tenants, for the worker: those that are to be looked at, the longest due first. */
  due(now: Date, limit: number): Promise<RecipientDoc[]> {
    return this.recipients.acrossTenants.find({ look_at: { $lte: now } }, { sort: { look_at: 1, _id: 1 }, limit });
  }

  /** Only while they are as they were seen; says of each whether it was. */
  async changeEach(changes: readonly { seen: RecipientDoc; update: Update }[]): Promise<boolean[]> {
    if (changes.length === 0) return [];
    const updates = changes.map(({ seen: { _id, tenant_id, rev }, update }) => ({
      filter: { _id, tenant_id, rev },
      update: { ...update, $inc: { rev: 1 } },
    }));
    return (await this.recipients.acrossTenants.updateEach(updates)).matched;
  }

  /** The notifications before `before` in which somebody has this outcome, newest first: those of one read, so at least one where there are any. */
  async notificationsWith(tenant: TenantId, outcome: RecipientOutcome, before?: string): Promise<string[]> {
    const where = { outcome, ...(before ? { notification_id: { $lt: before } } : {}) };
    const options = { sort: { notification_id: -1 }, limit: READ, fields: ['notification_id'] } as const;
    const rows = await this.recipients.find(tenant, where, options);
    return [...new Set(rows.map(({ notification_id }) => notification_id))];
  }

  /** How many of a notification's have which outcome. */
  countByOutcome(tenant: TenantId, notificationId: string): Promise<Record<string, number>> {
    return this.recipients.countBy(tenant, { notification_id: notificationId }, 'outcome');
  }

  first(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  remove(tenant: TenantId, span: Span, after: string | null): Promise<string | null> {
    return this.old.remove(tenant, span, after);
  }

  /** Of one notification, in the order of their ids, after the one with the id `after`. */
  ofNotification(
    tenant: TenantId,
    notificationId: string,
    { limit, skip, after, outcome }: RecipientPage,
  ): Promise<RecipientDoc[]> {
    const where = {
      notification_id: notificationId,
      ...(outcome ? { outcome } : {}),
      ...(after ? { _id: { $gt: after } } : {}),
    };
    return this.recipients.find(tenant, where, { sort: { _id: 1 }, limit, ...(skip ? { skip } : {}) });
  }

  /** What a person was told, newest first. */
  ofPerson(tenant: TenantId, personId: string, limit: number, skip: number, before?: string): Promise<RecipientDoc[]> {
    const where = { person_id: personId, ...(before ? { _id: { $lt: before } } : {}) };
    return this.recipients.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }
}
