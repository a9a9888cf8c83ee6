import { Injectable } from '@nestjs/common';
import { derivedId, idTime } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { Attempt } from './notification.js';

/** Which device got which notification, and by which message: that says what became of it. */
export interface TokenNotificationDoc {
  _id: string;
  tenant_id: TenantId;
  token_id: string;
  notification_id: string;
  message_id: string;
  created_at: Date;
}

@Injectable()
export class TokenNotificationsRepository {
  private readonly rows: TenantCollection<TokenNotificationDoc>;
  private readonly old: OldRows<TokenNotificationDoc>;

  constructor(@InjectStore() store: Store) {
    this.rows = new TenantCollection(store.collection<TokenNotificationDoc>('token_notifications'));
    this.old = new OldRows(this.rows, 'tnf');
  }

  /** Of attempts at devices that are known; those that are there already stay as they are. */
  async insertMissing(tenant: TenantId, notificationId: string, attempts: readonly Attempt[]): Promise<void> {
    const rows = attempts.flatMap(({ token_id, message_id }) =>
      token_id === undefined ? [] : [rowOf(tenant, notificationId, token_id, message_id)],
    );
    if (rows.length > 0) await this.rows.acrossTenants.insertMany(rows);
  }

  /** Newest first. */
  ofToken(tenant: TenantId, tokenId: string, limit: number, skip: number, before?: string) {
    const where = { token_id: tokenId, ...(before ? { _id: { $lt: before } } : {}) };
    return this.rows.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  first(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span);
  }

  remove(tenant: TenantId, span: Span, after: string | null): Promise<string | null> {
    return this.old.remove(tenant, span, after);
  }
}

function rowOf(
  tenant_id: TenantId,
  notification_id: string,
  token_id: string,
  message_id: string,
): TokenNotificationDoc {
  const _id = derivedId('tnf', message_id, token_id);
  return { _id, tenant_id, token_id, notification_id, message_id, created_at: idTime(_id) };
}
