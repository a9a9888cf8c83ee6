import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { derivedId, idTime, messageId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { SYSTEM } from '../domain/actor.js';
import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import { parseRoute } from '../domain/route.js';
import { later } from '../domain/time.js';
import type { MessageDoc, MessagePurpose } from './message.js';
import { MessagesRepository } from './messages.repository.js';
import { newMessage } from './new-message.js';
import { QueueWaiters } from './queue-waiters.js';

/** A text that the gateway sends by itself. */
export interface OwnText {
  tenant: TenantId;
  /** The row because of which it is sent, and what for. Together they make its id: the same text is sent once, however often it is asked for. */
  because: { id: string; purpose: string };
  /** Who asked for it: an API key's id or a user's; absent: the gateway itself. */
  clientId?: string | undefined;
  channel?: Channel;
  to: string;
  subject?: string | undefined;
  text: string;
  unsubscribeUrl?: string | undefined;
  /** Not before then. */
  scheduleAt?: Date | null | undefined;
  route: string;
  /** The number that it has to leave by. */
  from?: string | undefined;
  simSlot?: number | null;
  priority?: Priority;
  /** From now, or from the time that it is scheduled for. */
  ttlSeconds: number;
  ignoresOptOuts?: true;
  purpose?: MessagePurpose;
  /** Nobody is shown its text. */
  confidential?: true;
  /** The id of the message that must have left before it. */
  follows?: string | undefined;
}

/**
 * Messages that no client has asked for: answers to received texts, notices. They have no request, no duplicate window and no daily limit,
 * and are submitted by `system`; a user can find, cancel and resend them like any other.
 */
@Injectable()
export class OwnTexts {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly waiters: QueueWaiters,
    private readonly clock: Clock,
  ) {}

  /** Returns the message's id once it is stored. */
  async send(text: OwnText): Promise<string> {
    const [id] = await this.sendAll([text]);
    return id!;
  }

  /** The same for many in one write. */
  async sendAll(texts: readonly OwnText[]): Promise<string[]> {
    if (texts.length === 0) return [];
    const messages = texts.map((text) => this.messageOf(text));
    await this.messages.insertMissing(messages);
    for (const queue of new Set(messages.map(({ queue }) => queue))) this.waiters.wake(queue);
    return messages.map(({ _id }) => _id);
  }

  private messageOf(given: OwnText): MessageDoc {
    const {
      tenant,
      because,
      clientId = SYSTEM,
      channel,
      simSlot,
      from,
      ignoresOptOuts,
      purpose,
      follows,
      ...text
    } = given;
    const { subject, unsubscribeUrl, scheduleAt, confidential } = text;
    const now = this.clock.now();
    const start = scheduleAt && scheduleAt > now ? scheduleAt : now;
    const route = parseRoute(text.route);
    if (!route) throw new Error(`${text.route} is no route`);
    const request_id = requestIdOf(because);
    return newMessage({
      _id: messageId(request_id, 0),
      tenant_id: tenant,
      request_id,
      sequence: 0,
      client_id: clientId,
      ...(channel ? { channel } : {}),
      to: text.to,
      subject,
      text: text.text,
      unsubscribe_url: unsubscribeUrl,
      priority: text.priority ?? 'NORMAL',
      schedule_at: scheduleAt ?? null,
      expires_at: later(start, text.ttlSeconds * 1000),
      route: text.route,
      agent_id: route.kind === 'agent' ? route.agentId : null,
      sim_slot: simSlot ?? null,
      ...(from ? { from } : {}),
      ignores_opt_outs: ignoresOptOuts,
      purpose,
      confidential,
      follows,
      created_at: idTime(request_id),
    });
  }
}

/** The id that the text has, whether it is stored yet or not. */
export function ownTextId(because: OwnText['because']): string {
  return messageId(requestIdOf(because), 0);
}

/** No request has this id; the message carries one because every message's id is made from one, and carries its time. */
function requestIdOf({ id, purpose }: OwnText['because']): string {
  return derivedId('req', id, purpose);
}
