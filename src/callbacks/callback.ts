import { createHash } from 'node:crypto';
import type { CarrierEvent } from '../carriers/carrier.js';
import type { TenantId } from '../common/tenant-id.js';

/** What a provider has told: stored before it is acknowledged, then worked through. */
export interface CallbackDoc {
  _id: string;
  tenant_id: TenantId;
  carrier: string;
  account_id: string;
  /** Absent once it is worked through: what is left is there for duplicates. */
  event?: CarrierEvent;
  received_at: Date;
  /** When it is worked through; absent once it is, and while it is parked. */
  due_at?: Date;
  /** How often its message wasn't known yet. */
  tries: number;
  dedupe: string;
  purge_at: Date;
}

/** What providers repeat is the same in these. */
export function dedupeKey(carrier: string, accountId: string, event: CarrierEvent): string {
  const own =
    event.kind === 'inbound'
      ? [event.ref]
      : [event.ref ?? event.attempt, event.level ?? null, event.status, event.code ?? null];
  return createHash('sha256')
    .update(JSON.stringify([carrier, accountId, event.kind, ...own]))
    .digest('base64url');
}
