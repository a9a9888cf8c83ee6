import type { TenantId } from '../common/tenant-id.js';

/** A text that a phone received. */
export interface InboundDoc {
  _id: string;
  tenant_id: TenantId;
  agent_id: string;
  /** E.164 for a phone number; alphanumeric senders unchanged. */
  from: string;
  to: string | null;
  text: string;
  text_blanked_at?: Date;
  sim_slot: number | null;
  external_id: string | null;
  received_at: Date;
  created_at: Date;
  /** Hash of agent, sender, time and text, so that a repeated upload adds nothing. */
  dedupe: string;
}

export function showInbound(message: InboundDoc) {
  const { _id, tenant_id: _tenant, dedupe: _dedupe, ...rest } = message;
  return { id: _id, ...rest };
}
