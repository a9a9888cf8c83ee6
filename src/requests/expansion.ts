import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TimeSlice } from '../common/time-slice.js';
import { messageId } from '../common/ids.js';
import { lifeEnd } from '../domain/expiry.js';
import { composeText } from '../domain/sms-text.js';
import { QueueWaiters } from '../messages/queue-waiters.js';
import type { MessageDoc } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { newMessage } from '../messages/new-message.js';
import { OPTED_OUT } from '../sending-rules/opt-out-gate.js';
import { DayShares } from './day-shares.js';
import type { Recipient, RequestDoc } from './request.js';
import { RequestsRepository } from './requests.repository.js';

const CHUNK = 250;

/** Steps 4 and 5 of acceptance: a committed request becomes its messages. Doing it again changes nothing. */
@Injectable()
export class Expansion implements OnApplicationShutdown {
  private readonly logger = new Logger(Expansion.name);
  private readonly finishing = new Set<Promise<void>>();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly requests: RequestsRepository,
    private readonly shares: DayShares,
    private readonly waiters: QueueWaiters,
  ) {}

  /** Writes every message of the request that isn't there yet, and wakes who waits for them. */
  async expand(request: RequestDoc): Promise<void> {
    const slice = new TimeSlice();
    const queues = new Set<string>();
    const recipients = request.recipients ?? [];
    for (let start = 0; start < recipients.length; start += CHUNK) {
      const chunk: MessageDoc[] = [];
      for (let i = start; i < Math.min(start + CHUNK, recipients.length); i++) {
        const message = toMessage(request, recipients[i]!, i);
        if (message.ready) queues.add(message.queue);
        chunk.push(message);
        if (slice.isOver) await slice.next();
      }
      await this.messages.insertMissing(chunk);
    }
    for (const queue of queues) this.waiters.wake(queue);
  }

  /** Step 5, after the client was answered. What a crash leaves of it is recovery's. */
  finishSoon(request: RequestDoc): void {
    const done = this.finish(request)
      .catch((error: unknown) => this.logger.error({ err: error }, `could not finish ${request._id}; recovery will`))
      .finally(() => this.finishing.delete(done));
    this.finishing.add(done);
  }

  /** Drops the payload, then gives back the duplicates' share of the day. */
  async finish(request: RequestDoc): Promise<void> {
    await this.requests.markExpanded(request.tenant_id, request._id);
    await this.shares.settle(request);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.finishing);
  }
}

function toMessage(request: RequestDoc, recipient: Recipient, sequence: number): MessageDoc {
  const { created_at, ttl_seconds } = request;
  return newMessage({
    _id: messageId(request._id, sequence),
    tenant_id: request.tenant_id,
    request_id: request._id,
    sequence,
    client_id: request.client_id,
    channel: request.channel,
    to: recipient.to,
    text: renderText(request, recipient),
    priority: recipient.priority,
    schedule_at: recipient.schedule_at,
    expires_at: ttl_seconds ? lifeEnd(created_at, recipient.schedule_at, ttl_seconds) : request.expires_at,
    route: request.route,
    agent_id: request.agent_id,
    sim_slot: recipient.sim_slot,
    template_id: request.template_id,
    client_reference: recipient.client_reference,
    resend_of: request.resend_of,
    created_at,
    ignores_opt_outs: request.ignores_opt_outs,
    ...(recipient.duplicate ? { canceled: 'DUPLICATE_RECENT' } : {}),
    ...(recipient.opted_out ? { failed: OPTED_OUT } : {}),
  });
}

function renderText(request: RequestDoc, recipient: Recipient): string {
  const rule = { content: request.content!, isTemplate: request.is_template, encoding: request.encoding ?? 'auto' };
  const rendered = composeText(rule, { ...request.variables, ...recipient.variables });
  if ('missing' in rendered) throw new Error(`${request._id} was committed without its variable ${rendered.missing}`);
  return rendered.text;
}
