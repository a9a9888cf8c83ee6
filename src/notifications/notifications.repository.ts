import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError, type Update } from '../database/query.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { NotificationDoc } from './notification.js';

@Injectable()
export class NotificationsRepository {
  private readonly notifications: TenantCollection<NotificationDoc>;
  private readonly old: OldRows<NotificationDoc>;

  constructor(@InjectStore() store: Store) {
    this.notifications = new TenantCollection(store.collection<NotificationDoc>('notifications'));
    this.old = new OldRows(this.notifications, 'ntf');
  }

  insert(notification: NotificationDoc): Promise<void> {
    return this.notifications.insertOne(notification.tenant_id, notification);
  }

  /** False when its caller has used the Idempotency-Key. */
  async insertOnce(notification: NotificationDoc): Promise<boolean> {
    try {
      await this.insert(notification);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError && notification.idempotency_key !== undefined) return false;
      throw error;
    }
  }

  byKey(tenant: TenantId, clientId: string, key: string): Promise<NotificationDoc | null> {
    return this.notifications.findOne(tenant, { client_id: clientId, idempotency_key: key });
  }

  list(
    tenant: TenantId,
    { client_id, topic }: { client_id?: string | undefined; topic?: string | undefined },
    limit: number,
    skip: number,
    before?: string,
  ): Promise<NotificationDoc[]> {
    const where = {
      ...(client_id === undefined ? {} : { client_id }),
      ...(topic === undefined ? {} : { topic }),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.notifications.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  byId(tenant: TenantId, id: string): Promise<NotificationDoc | null> {
    return this.notifications.findOne(tenant, { _id: id });
  }

  byIds(tenant: TenantId, ids: readonly string[]): Promise<NotificationDoc[]> {
    return this.notifications.find(tenant, { _id: { $in: ids } });
  }

  /** Across tenants, for the worker: those whose audience is to be gone through, the longest due first. */
  due(now: Date, limit: number): Promise<NotificationDoc[]> {
    return this.notifications.acrossTenants.find({ due_at: { $lte: now } }, { sort: { due_at: 1, _id: 1 }, limit });
  }

  first(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  /** Whether somebody in the span's notifications has no messages yet. */
  isUnderWay(tenant: TenantId, span: Span): Promise<boolean> {
    return this.old.has(tenant, span, { due_at: { $exists: true } });
  }

  blank(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    const update = { $set: { title: null, text: '', text_blanked_at: now }, $unset: { translations: '' } } as const;
    return this.old.batch(tenant, span, after, ['due_at', 'text_blanked_at'], (page) => {
      const through = page.filter(({ due_at, text_blanked_at }) => !due_at && !text_blanked_at);
      return this.notifications.acrossTenants.updateEach(
        through.map(({ _id }) => ({ filter: { _id, tenant_id: tenant, due_at: { $exists: false } }, update })),
      );
    });
  }

  remove(tenant: TenantId, span: Span, after: string | null): Promise<string | null> {
    return this.old.remove(tenant, span, after, { due_at: { $exists: false } });
  }

  /** Null once it was canceled. */
  changeOpen({ tenant_id, _id }: NotificationDoc, update: Update): Promise<NotificationDoc | null> {
    return this.notifications.findOneAndUpdate(tenant_id, { _id, canceled_at: { $exists: false } }, update);
  }

  /** Also once it was canceled. */
  async change({ tenant_id, _id }: NotificationDoc, update: Update): Promise<void> {
    await this.notifications.updateOne(tenant_id, { _id }, update);
  }
}
