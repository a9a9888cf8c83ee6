import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import { reversedNumber } from '../domain/phone-number.js';
import { PRIORITY_WEIGHT, type Priority } from '../domain/priority.js';
import { parseRoute, queueKey } from '../domain/route.js';
import { countSegments } from '../domain/sms-segments.js';
import type { MessageDoc, MessagePurpose } from './message.js';

/** What whoever makes a message knows of it. */
export interface NewMessage {
  _id: string;
  tenant_id: TenantId;
  request_id: string;
  sequence: number;
  client_id: string;
  channel?: Channel;
  to: string;
  subject?: string | undefined;
  text: string;
  unsubscribe_url?: string | undefined;
  priority: Priority;
  schedule_at?: Date | null;
  expires_at: Date;
  route: string;
  agent_id: string | null;
  sim_slot?: number | null;
  template_id?: string | null;
  client_reference?: string;
  resend_of?: string | null;
  created_at: Date;
  /** The number that it has to leave by. */
  from?: string;
  ignores_opt_outs?: true | undefined;
  purpose?: MessagePurpose | undefined;
  confidential?: true | undefined;
  follows?: string | undefined;
  /** It is kept, and not sent for this reason. */
  canceled?: string;
  /** The same where it isn't the client's doing. */
  failed?: string;
}

/** Every message is born here: it waits for its time, or to be claimed, or it is over already. */
export function newMessage(given: NewMessage): MessageDoc {
  const { channel = 'sms', canceled, failed, schedule_at = null, sim_slot = null, created_at: now } = given;
  const message: MessageDoc = {
    _id: given._id,
    tenant_id: given.tenant_id,
    request_id: given.request_id,
    sequence: given.sequence,
    client_id: given.client_id,
    to: given.to,
    ...(channel === 'sms' || channel === 'whatsapp' ? { to_reversed: reversedNumber(given.to) } : {}),
    text: given.text,
    ...(channel === 'sms' ? segmentsOf(given.text) : { channel }),
    status: canceled ? 'CANCELED' : failed ? 'FAILED' : 'PENDING',
    rev: 1,
    last_error: canceled ?? failed ?? null,
    priority: given.priority,
    priority_weight: PRIORITY_WEIGHT[given.priority],
    schedule_at,
    expires_at: given.expires_at,
    route: given.route,
    queue: queueKey(given.tenant_id, parseRoute(given.route)!, sim_slot),
    agent_id: given.agent_id,
    sim_slot,
    attempts: 0,
    holders: [],
    template_id: given.template_id ?? null,
    resend_of: given.resend_of ?? null,
    created_at: now,
    updated_at: now,
    sent_at: null,
    delivered_at: null,
    failed_at: failed ? now : null,
    history: [],
  };
  if (given.client_reference) message.client_reference = given.client_reference;
  if (given.subject !== undefined) message.subject = given.subject;
  if (given.unsubscribe_url) message.unsubscribe_url = given.unsubscribe_url;
  if (given.from) message.from = given.from;
  if (given.ignores_opt_outs) message.ignores_opt_outs = true;
  if (given.purpose) message.purpose = given.purpose;
  if (given.purpose === 'proxy') message.masked_text = true;
  if (given.confidential) message.confidential = true;
  if (given.follows) message.follows = given.follows;
  if (canceled || failed) return message;
  message.fails_at = given.expires_at;
  if (schedule_at && schedule_at > now) message.due_at = schedule_at;
  else message.ready = true;
  return message;
}

function segmentsOf(text: string) {
  const { encoding, segments } = countSegments(text);
  return { encoding, segments };
}
