import type { TenantId } from '../common/tenant-id.js';
import type { TnChannel } from './tn.js';

export interface Participant {
  /** `par_...` */
  id: string;
  /** The person's own number, E.164. */
  address: string;
  channel: Exclude<TnChannel, 'voice'>;
  /** The number of the pool that this person sees, E.164. */
  tn: string;
  /** Shown in front of relayed texts when there are more than two. */
  name?: string;
  joined_at: Date;
  left_at?: Date;
}

/** A masked conversation: its participants see numbers of the pool and never one another's. */
export interface SessionDoc {
  /** 32 hex digits. */
  _id: string;
  tenant_id: TenantId;
  state: 'open' | 'closed';
  participants: readonly Participant[];
  /**
   * What an open session has taken: `<tn>|<address>` of each participant, and `<tn>|*` of an exclusive number. Unique over the tenant's open
   * sessions by an index; absent once it is closed.
   */
  claims?: readonly string[];
  created_at: Date;
  /** Null: it doesn't expire. */
  expires_at: Date | null;
  /** Without a text for so long, or at that time, it is closed; seconds, and absent for never. */
  inactive_seconds?: number;
  last_text_at: Date;
  closed_at?: Date;
  unique_name?: string;
  friendly_name?: string;
  attributes?: string;
  /** Whether everybody is told when it expires. */
  tells_expiry?: true;
}

export function claimOf(tn: string, address: string): string {
  return `${tn}|${address}`;
}
