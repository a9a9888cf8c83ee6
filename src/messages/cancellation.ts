import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { callMayBeOut, isLive } from '../domain/lease.js';
import { canMove } from '../domain/message-status.js';
import { moved } from './changes.js';
import type { MessageDoc } from './message.js';
import { MessagesRepository } from './messages.repository.js';

const PAGE = 500;
const TRIES = 5;

/** Taking back what nobody is sending: PENDING, or ASSIGNED with a lease that ran out. */
@Injectable()
export class Cancellation {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly clock: Clock,
  ) {}

  /** The message after it, and whether it is canceled now; null when it doesn't exist. */
  async cancel(
    tenant: TenantId,
    id: string,
    actor: string,
  ): Promise<{ message: MessageDoc; canceled: boolean } | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.messages.byId(tenant, id);
      if (!seen) return null;
      const now = this.clock.now();
      if (!isCancelable(seen, now)) return { message: seen, canceled: false };
      const changed = await this.messages.change(seen, canceled(seen, actor, now));
      if (!changed) continue;
      return { message: changed, canceled: true };
    }
    throw new Error(`canceling ${id} lost every race`);
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
    const made = await this.messages.changeEach(open.map((seen) => ({ seen, update: canceled(seen, actor, now) })));
    let count = 0;
    for (const [i, seen] of open.entries()) {
      if (made[i] || (await this.cancel(tenant, seen._id, actor))?.canceled) count++;
    }
    return count;
  }
}

function isCancelable(message: MessageDoc, now: Date): boolean {
  const { status, lease } = message;
  return canMove(status, 'CANCELED') && !(status === 'ASSIGNED' && (isLive(lease, now) || callMayBeOut(lease)));
}

function canceled(seen: MessageDoc, actor: string, now: Date) {
  return moved(seen, { to: ['CANCELED'], actor, now, lastError: 'CANCELED_BY_CLIENT' });
}
