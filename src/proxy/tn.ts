import type { TenantId } from '../common/tenant-id.js';

/** What a number can be used for. */
export const TN_CHANNELS = ['sms', 'whatsapp', 'voice'] as const;
export type TnChannel = (typeof TN_CHANNELS)[number];

/** By whom texts leave and arrive: an account at a carrier, or a SIM of a phone. */
export type TnOwner = { carrier: string } | { agent_id: string; sim_slot: number | null };

/**
 * A telephone number in the tenant's pool. A shared one serves many sessions at a time, as long as no participant is in two of them on it;
 * an exclusive one serves one.
 */
export interface TnDoc {
  _id: string;
  tenant_id: TenantId;
  /** E.164. */
  number: string;
  owner: TnOwner;
  /** Of a phone's: its SIM, which has one number. */
  sim?: string;
  channels: readonly TnChannel[];
  mode: 'shared' | 'exclusive';
  /** It is about to be removed: no session takes it any more. */
  removing_at?: Date;
  /** It is about to be changed: no session takes it meanwhile. */
  changing_at?: Date;
  /** Raised by every change. */
  rev?: number;
  created_at: Date;
}

/** Whether sessions may take it. */
export function isThere({ removing_at, changing_at }: TnDoc): boolean {
  return !removing_at && !changing_at;
}

/** A phone's only SIM, or one whose slot isn't said, is `*`. */
export function simOf(agentId: string, slot: number | null): string {
  return `${agentId}|${slot ?? '*'}`;
}
