import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';

/** A text that a phone or a carrier received. */
export interface InboundDoc {
  _id: string;
  tenant_id: TenantId;
  /** Null when a carrier received it. */
  agent_id: string | null;
  /** The carrier's name, and what it calls the account; absent when a phone received it. */
  carrier?: string;
  account_id?: string;
  /** Absent: sms. */
  channel?: Channel;
  /** E.164 for a phone number; alphanumeric senders unchanged. */
  from: string;
  /** The number it was sent to. A phone may not know it. */
  to: string | null;
  text: string;
  text_blanked_at?: Date;
  /** Present while its text is one of a masked conversation, for which the tenant may have days of its own. */
  masked_text?: true;
  /** How many pictures and other files came with it; none is kept. */
  media?: number;
  /** The carrier has recognised a stop, start or help word itself, and may have answered it. */
  keyword?: 'stop' | 'start' | 'help';
  sim_slot: number | null;
  /** The phone's own id of it, or the provider's. */
  external_id: string | null;
  received_at: Date;
  created_at: Date;
  /** So that a repeated upload adds nothing: a hash of agent, sender, time and text, or of the provider's id. */
  dedupe: string;
  /** When the handlers get it; absent once they have seen it, and while it is parked. */
  handle_at?: Date;
  /** How often they failed. */
  handle_tries?: number;
}

export function showInbound(message: InboundDoc) {
  const { _id, tenant_id: _tenant, dedupe: _dedupe, account_id: _account, ...rest } = message;
  const {
    handle_at: _due,
    handle_tries: _tries,
    masked_text: _masked,
    agent_id,
    carrier = null,
    channel = 'sms',
    ...shown
  } = rest;
  return { id: _id, agent_id, carrier, channel, ...shown };
}
