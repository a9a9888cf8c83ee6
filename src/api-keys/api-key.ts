import type { Scope } from '../auth/principal.js';
import type { TenantId } from '../common/tenant-id.js';

export interface ApiKeyDoc {
  _id: string;
  tenant_id: TenantId;
  client_name: string;
  scopes: Scope[];
  /** Messages per day. */
  rate_limit_per_day: number;
  is_active: boolean;
  /** SHA-256 of the key; the key itself is shown once and not stored. */
  key_hash: string;
  /** The last characters, so that a person can tell keys apart. */
  key_hint: string;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export function showApiKey(key: ApiKeyDoc) {
  const { _id, tenant_id: _tenant, key_hash: _hash, ...rest } = key;
  return { id: _id, ...rest };
}
