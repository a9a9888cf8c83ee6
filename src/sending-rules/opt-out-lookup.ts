import { Injectable } from '@nestjs/common';
import { ShortCache } from '../common/short-cache.js';
import { asTenantId, type TenantId } from '../common/tenant-id.js';
import { parseRoute } from '../domain/route.js';
import type { MessageDoc } from '../messages/message.js';
import { RouteTargets } from '../routing/targets.js';
import { recipientOf } from './opt-out.js';
import { OptOutsRepository } from './opt-outs.repository.js';

/** What of a message decides whether an opt-out stops it. */
export type Judged = Pick<MessageDoc, 'tenant_id' | 'channel' | 'to' | 'route' | 'from' | 'ignores_opt_outs'>;

/** Keys of one look-up. */
const CHUNK = 500;

/** Whose messages are stopped by an opt-out. */
@Injectable()
export class OptOutLookup {
  /** Whether the tenant has any. A tenant whose first one comes at another gateway is known here seconds later; its gate knows at once. */
  private readonly known = new ShortCache<{ any: boolean }>(async (tenant) => ({
    any: await this.repository.hasAny(asTenantId(tenant)),
  }));
  /** By whom the texts of a route come, by tenant and route. */
  private readonly senders = new ShortCache<{ sender: string | null }>(async (key) => this.findSender(key));

  constructor(
    private readonly repository: OptOutsRepository,
    private readonly targets: RouteTargets,
  ) {}

  /** Says for each message whether its recipient has opted out of it: one look-up for up to 500 recipients. */
  async stop(messages: readonly Judged[]): Promise<boolean[]> {
    const recipients = messages.map(({ tenant_id, channel, to, ignores_opt_outs }) =>
      ignores_opt_outs ? null : recipientOf(tenant_id, channel, to),
    );
    const wanted = [...new Set(recipients.filter((recipient) => recipient !== null))];
    const found = new Map<string, (string | null)[]>();
    for (let i = 0; i < wanted.length; i += CHUNK)
      for (const { recipient, sender } of await this.repository.of(wanted.slice(i, i + CHUNK)))
        found.set(recipient, [...(found.get(recipient) ?? []), sender]);
    if (found.size === 0) return messages.map(() => false);
    const stopped: boolean[] = [];
    for (const [i, message] of messages.entries()) {
      const optedOut = recipients[i] ? found.get(recipients[i]) : undefined;
      stopped.push(optedOut !== undefined && (await this.holdsFor(optedOut, message)));
    }
    return stopped;
  }

  /**
   * The same for a claim, which must not miss an opt-out of a moment ago. Where no other gateway writes, `isUsed` is never out of date,
   * and it spares every claim of most tenants a look-up.
   */
  async stopNow(messages: readonly Judged[]): Promise<boolean[]> {
    if (this.repository.isShared) return this.stop(messages);
    for (const tenant of new Set(messages.map(({ tenant_id }) => tenant_id)))
      if (await this.isUsed(tenant)) return this.stop(messages);
    return messages.map(() => false);
  }

  /** False, almost always without a look-up, for a tenant that nobody has opted out of; out of date by seconds at most. */
  async isUsed(tenant: TenantId): Promise<boolean> {
    return (await this.known.get(tenant))!.any;
  }

  /** Somebody has opted out here. */
  forget(tenant: TenantId): void {
    this.known.forget(tenant);
  }

  /** `senders`: of the opt-outs of the message's recipient. */
  private async holdsFor(senders: readonly (string | null)[], { tenant_id, route, from }: Judged): Promise<boolean> {
    if (senders.includes(null) || senders.includes(route)) return true;
    const own = from ?? (await this.senders.get(`${tenant_id} ${route}`))!.sender;
    return own !== null && senders.includes(own);
  }

  private async findSender(key: string): Promise<{ sender: string | null }> {
    const [tenant, text] = key.split(' ') as [string, string];
    const route = parseRoute(text);
    const target = route && (await this.targets.find(asTenantId(tenant), route));
    return { sender: target?.sender ?? null };
  }
}
