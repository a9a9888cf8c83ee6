import type { TenantId } from '../common/tenant-id.js';
import type { AccountValues } from './carrier-kinds.js';

export interface AccountHold {
  until: Date;
  code: string;
  reason: string;
}

/** What is stored of a tenant's account at a carrier. */
export interface CarrierAccountDoc {
  /** `<tenant>:<carrier>`: a tenant has one account at a carrier. */
  _id: string;
  tenant_id: TenantId;
  carrier: string;
  /** What the provider calls it; absent: the tenant has set up none, and the row has only the hold of one that comes from elsewhere. */
  account_id?: string;
  /** The fields that aren't secret. */
  values?: AccountValues;
  /** The others, encrypted. */
  secrets?: Readonly<Record<string, string>>;
  callback_token_hash?: string;
  enabled: boolean;
  per_second?: number;
  concurrency?: number;
  /** When the provider confirmed that the credentials belong to the account. */
  verified_at?: Date;
  /** Verified, and of a kind whose accounts belong to one tenant alone. */
  exclusive?: true;
  /** With the account that is meant: another one isn't held. */
  hold?: AccountHold & { account_id: string };
  /** Raised when the settings change; a hold and a new key of encryption leave it. */
  rev: number;
  created_at: Date;
  updated_at: Date;
}

export function accountKey(tenant: TenantId, carrier: string): string {
  return `${tenant}:${carrier}`;
}
