import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';

export const SOURCES = ['keyword', 'carrier', 'admin', 'import', 'person'] as const;
export type OptOutSource = (typeof SOURCES)[number];

/** Somebody who wants no more texts: of the whole tenant, or of one sender. */
export interface OptOutDoc {
  /** `recipient` and the sender, so that there is one of each. */
  _id: string;
  /** In the order of time, for lists. */
  opt_out_id: string;
  tenant_id: TenantId;
  /** Tenant and number: what messages are looked up by. */
  recipient: string;
  /** E.164. */
  number: string;
  /** A number, the id of a carrier's service, or `carrier:<name>` where a carrier's sender isn't fixed; null: the whole tenant. */
  sender: string | null;
  source: OptOutSource;
  reason: string | null;
  /** The word that was sent. */
  word: string | null;
  /** The carrier that told it, with its code. */
  carrier: string | null;
  code: string | null;
  inbound_id: string | null;
  created_at: Date;
}

/** Null for a channel that has no numbers: its opt-outs are of another kind. A message without one is an SMS, and one that a store has read in part has null. One answer to an SMS holds for WhatsApp as well. */
export function recipientOf(tenant: TenantId, channel: Channel | null | undefined, number: string): string | null {
  return (channel ?? 'sms') === 'sms' || channel === 'whatsapp' ? `${tenant}:number:${number}` : null;
}

export function optOutKey(recipient: string, sender: string | null): string {
  return `${recipient}:${sender ?? '*'}`;
}

export function showOptOut({ number, sender, source, reason, word, carrier, code, inbound_id, created_at }: OptOutDoc) {
  return { number, sender, source, reason, word, carrier, code, inbound_id, created_at };
}
