import type { TenantId } from '../common/tenant-id.js';
import { readActor, submitterOf } from '../domain/actor.js';
import type { Channel } from '../domain/channel.js';
import type { Delivery, Outcome } from '../domain/delivery.js';
import type { Lease } from '../domain/lease.js';
import type { MessageStatus } from '../domain/message-status.js';
import type { Priority } from '../domain/priority.js';
import type { Encoding } from '../domain/sms-segments.js';

/** One line of a message's way: a move, a lease, a note. */
export interface HistoryEntry {
  at: Date;
  /** See `domain/actor`. */
  actor: string;
  event: 'leased' | 'moved' | 'noted' | 'told' | 'lease_ended' | 'postponed' | 'reassigned' | 'recalled';
  from?: MessageStatus;
  to?: MessageStatus;
  lease_id?: string;
  lease_expires_at?: Date;
  /** Postponed: not before then. */
  until?: Date;
  sim_slot?: number | null;
  /** Told: after the status could follow. */
  outcome?: Outcome;
  /** The phone's own time of it. */
  reported_at?: Date;
  note?: string;
}

/** By which of its means the holder is to send it: a phone by one of its SIMs. Whoever paces the holder says it; claims pass it on. */
export interface Via {
  sim_slot?: number | null;
}

export interface MessageLease extends Lease, Via {}

/** Under what a carrier knows the message: its callbacks name it. */
export interface CarrierReference {
  name: string;
  account: string;
  /** Absent: the carrier took it and gave it no id. */
  ref?: string;
}

/** Who has asked when that the holder doesn't send it. */
export interface Recall {
  at: Date;
  actor: string;
}

export interface Postponement {
  until: Date;
  code: string;
  reason: string;
}

/** What a text of the gateway's own is part of: `proxy`, a masked conversation; `notification`, something told to a person. */
export type MessagePurpose = 'proxy' | 'notification';

export interface MessageDoc {
  _id: string;
  tenant_id: TenantId;
  request_id: string;
  /** Place in its request, which its id carries as well. */
  sequence: number;
  /** Who submitted it: an API key's id, a user's, or `system` for a text of the gateway's own. */
  client_id: string;
  channel?: Channel;
  /** A number, or what the channel has in its place: an address, a device's token. */
  to: string;
  /** A number from its end, for searches by the last digits. */
  to_reversed?: string;
  /** Of an e-mail, or the title of a push. Taken away with the text. */
  subject?: string;
  text: string;
  /** Where the recipient of an e-mail ends all of them; told to the carrier, and shown to nobody else. */
  unsubscribe_url?: string;
  /** When it was taken away, by the tenant's wish; then it is empty. */
  text_blanked_at?: Date;
  /** Of an SMS alone: nothing else is cut into segments. */
  encoding?: Encoding;
  segments?: number;
  status: MessageStatus;
  /** Raised by every write; what a compare-and-set compares. */
  rev: number;
  last_error: string | null;
  priority: Priority;
  priority_weight: number;
  schedule_at: Date | null;
  expires_at: Date;
  route: string;
  queue: string;
  /** Present while it may be claimed now: the index of a claim holds nothing else. */
  ready?: true;
  /** Present while it waits for a time: scheduled, leased, backing off. */
  due_at?: Date;
  /** Present while it can still expire. */
  fails_at?: Date;
  /** Until when it waits although it is due, and why: a carrier or a rule postponed it. */
  waiting?: Postponement;
  /** How often a carrier has put it off without an attempt; the pauses get longer with it. */
  delays?: number;
  agent_id: string | null;
  sim_slot: number | null;
  attempts: number;
  lease?: MessageLease;
  /** Present until its holder has told what became of it: only then it is canceled. */
  recall?: Recall;
  /** How often a phone has told that it certainly didn't send it; a phone that gets it again gets it under another id. */
  unsent?: number;
  carrier?: CarrierReference;
  /** When the carrier is asked what became of it; present while a receipt may be missing. */
  receipt_due_at?: Date;
  /** How often it was asked. */
  receipt_checks?: number;
  /** What the carrier says that it costs. */
  price?: { amount: string; currency: string };
  /** The number that it has to leave by; absent: the route's own. */
  from?: string;
  /** The recipient's opt-out doesn't stop it: its template is exempt, or it confirms the opt-out. */
  ignores_opt_outs?: true;
  purpose?: MessagePurpose;
  /** Present while its text is one of a masked conversation, for which the tenant may have days of its own. */
  masked_text?: true;
  /** Its text is for the recipient alone: it has a code or a link by which they prove who they are. */
  confidential?: true;
  /** It waits until the message with this id has left. */
  follows?: string;
  /** Every agent that ever leased it. */
  holders: string[];
  template_id: string | null;
  /** Absent without one, so that its index holds nothing else. */
  client_reference?: string;
  resend_of: string | null;
  created_at: Date;
  updated_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  failed_at: Date | null;
  /** What was told when the status couldn't follow any more. */
  delivery?: Delivery;
  history: HistoryEntry[];
}

/** The text as people and clients see it; whoever sends the message reads the field itself. */
export function shownText({ confidential, text }: Pick<MessageDoc, 'confidential' | 'text'>): string {
  return confidential ? '' : text;
}

/** A message in a list. */
export function showMessage(message: MessageDoc) {
  return {
    message_id: message._id,
    request_id: message.request_id,
    ...(message.channel ? { channel: message.channel } : {}),
    to: message.to,
    ...(message.subject === undefined ? {} : { subject: message.subject }),
    text: shownText(message),
    ...(message.confidential ? { confidential: message.confidential } : {}),
    ...(message.text_blanked_at ? { text_blanked_at: message.text_blanked_at } : {}),
    status: message.status,
    last_error: message.last_error,
    priority: message.priority,
    schedule_at: message.schedule_at,
    expires_at: message.expires_at,
    ...(message.segments === undefined ? {} : { segments: message.segments, encoding: message.encoding }),
    agent_id: message.agent_id,
    route: message.route,
    sim_slot: message.lease?.sim_slot ?? message.sim_slot,
    attempts: message.attempts,
    created_at: message.created_at,
    updated_at: message.updated_at,
    sent_at: message.sent_at,
    delivered_at: message.delivered_at,
    failed_at: message.failed_at,
    ...(message.delivery ? { delivery: message.delivery } : {}),
    ...(message.waiting ? { waiting: message.waiting } : {}),
    ...(message.recall ? { recall_asked_at: message.recall.at } : {}),
    ...(message.carrier ? { carrier: message.carrier } : {}),
    ...(message.price ? { price: message.price } : {}),
    ...(message.from ? { from: message.from } : {}),
    client_reference: message.client_reference ?? null,
    template_id: message.template_id,
    ...(message.purpose ? { purpose: message.purpose } : {}),
    ...(message.ignores_opt_outs ? { ignores_opt_outs: message.ignores_opt_outs } : {}),
    ...(message.resend_of ? { resend_of: message.resend_of } : {}),
  };
}
export type ShownMessage = ReturnType<typeof showMessage>;

/** A message by itself, with its whole way. */
export function showMessageInFull(message: MessageDoc) {
  const accepted = { at: message.created_at, actor: submitterOf(message.client_id), event: 'accepted' as const };
  return { ...showMessage(message), lease: showLease(message.lease), history: [accepted, ...message.history] };
}

/** The phone that told that it was sent, on time or late; null: nobody did, or no phone. */
export function senderOf({ history }: Pick<MessageDoc, 'history'>): string | null {
  const told = history.findLast(({ to, outcome }) => to === 'SENT' || outcome === 'sent');
  const actor = told && readActor(told.actor);
  return actor?.kind === 'agent' ? actor.id : null;
}

function showLease(lease: MessageLease | undefined) {
  if (!lease) return null;
  return {
    lease_id: lease.id,
    holder: lease.holder,
    leased_at: lease.at,
    expires_at: lease.expires_at,
    ended_at: lease.ended_at ?? null,
  };
}
