import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { callMayBeOut, isLive, mayBeSentUnasked } from '../domain/lease.js';
import { canMove } from '../domain/message-status.js';
import { queueKey } from '../domain/route.js';
import { canceled, recallAsked } from './changes.js';
import type { MessageDoc } from './message.js';
import { MessagesRepository } from './messages.repository.js';
import { QueueWaiters } from './queue-waiters.js';

const PAGE = 500;
const TRIES = 5;

/** The message after it; `recalled`: a phone has it, and was asked not to send it. */
export interface Canceling {
  message: MessageDoc;
  canceled: boolean;
  recalled: boolean;
}

/**
 * Taking back what nobody is sending: PENDING, or ASSIGNED with a lease that ran out. A phone that sends unasked may be sending what it
 * holds: it is asked not to, and what it tells then is what happened.
 */
@Injectable()
export class Cancellation {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly waiters: QueueWaiters,
    private readonly clock: Clock,
  ) {}

  /** Null when it doesn't exist. */
  async cancel(tenant: TenantId, id: string, actor: string): Promise<Canceling | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.messages.byId(tenant, id);
      if (!seen) return null;
      const now = this.clock.now();
      if (isCancelable(seen, now)) {
        const message = await this.messages.change(seen, canceled(seen, { actor, now }));
        if (message) return { message, canceled: true, recalled: false };
      } else if (isRecallable(seen)) {
        const message = await this.recall(seen, actor, now);
        if (message) return { message, canceled: false, recalled: true };
      } else return { message: seen, canceled: false, recalled: false };
    }
    throw new Error(`canceling ${id} lost every race`);
  }

  private async recall(seen: MessageDoc, actor: string, now: Date): Promise<MessageDoc | null> {
    if (seen.recall) return seen;
    const message = await this.messages.change(seen, recallAsked(seen, { actor, now }));
    const holder = { kind: 'agent', agentId: seen.lease!.holder } as const;
    if (message) this.waiters.wake(queueKey(seen.tenant_id, holder, null));
    return message;
  }

  /** Every message of a request that can be; answers how many were. */
  async cancelRequest(tenant: TenantId, requestId: string, actor: string): Promise<number> {
    let count = 0;
    let edge: string | undefined;
    for (;;) {
      const page = await this.messages.ofRequest(tenant, requestId, PAGE, edge);
      count += await this.cancelPage(tenant, page, actor);
      if (page.length < PAGE) return count;
      edge = page.at(-1)!._id;
    }
  }

  /** Those of them that can be; answers how many were. */
  async cancelEach(tenant: TenantId, ids: readonly string[], actor: string): Promise<number> {
    let count = 0;
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = await this.messages.byIds(tenant, ids.slice(from, from + PAGE));
      count += await this.cancelPage(tenant, page, actor);
    }
    return count;
  }

  private async cancelPage(tenant: TenantId, page: readonly MessageDoc[], actor: string): Promise<number> {
    const now = this.clock.now();
    const open = page.filter((message) => isCancelable(message, now));
    const made = await this.messages.changeEach(open.map((seen) => ({ seen, update: canceled(seen, { actor, now }) })));
    const held = page.filter(isRecallable);
    await Promise.all(held.map(({ _id }) => this.cancel(tenant, _id, actor)));
    let count = 0;
    for (const [i, seen] of open.entries()) {
      if (made[i] || (await this.cancel(tenant, seen._id, actor))?.canceled) count++;
    }
    return count;
  }
}

function isCancelable({ status, lease }: MessageDoc, now: Date): boolean {
  const isHeld = isLive(lease, now) || callMayBeOut(lease) || mayBeSentUnasked(lease);
  return canMove(status, 'CANCELED') && !(status === 'ASSIGNED' && isHeld);
}

/** Also when the lease has run out: what the phone sent before, it may not have told yet. */
function isRecallable({ status, lease }: MessageDoc): boolean {
  return status === 'ASSIGNED' && mayBeSentUnasked(lease);
}
