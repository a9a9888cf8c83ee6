import { Injectable } from '@nestjs/common';
import { hashSecret } from '../common/secrets.js';
import { ShortCache } from '../common/short-cache.js';
import { queueKey } from '../domain/route.js';
import { QueueWaiters } from '../messages/queue-waiters.js';
import type { AgentDoc } from './agent.js';
import { AgentsRepository } from './agents.repository.js';
import { Fleet } from './fleet.js';

/** Phones by their tokens, remembered for a few seconds. */
@Injectable()
export class AgentDirectory {
  private readonly byHash = new ShortCache<AgentDoc>((hash) => this.repository.byTokenHash(hash));

  constructor(
    private readonly repository: AgentsRepository,
    private readonly waiters: QueueWaiters,
    private readonly fleet: Fleet,
  ) {}

  /** Null for a token that was rotated away or never was. */
  byToken(token: string): Promise<AgentDoc | null> {
    return this.byHash.get(hashSecret(token));
  }

  /** Across tenants, for a phone that is known by its own signature. */
  byId(id: string): Promise<AgentDoc | null> {
    return this.repository.byIdAnywhere(id);
  }

  /** What the phone has become since it was read; null once its token died. */
  async current(agent: AgentDoc): Promise<AgentDoc | null> {
    const now = agent.token_hash ? await this.byHash.get(agent.token_hash) : null;
    return now?.is_active ? now : null;
  }

  /** The phone was changed: the next call sees it, and one that waits for work looks again at once. */
  changed({ _id, tenant_id }: Pick<AgentDoc, '_id' | 'tenant_id'>): void {
    this.byHash.forgetWhere((agent) => agent._id === _id);
    this.fleet.forget(tenant_id);
    this.waiters.wake(queueKey(tenant_id, { kind: 'agent', agentId: _id }, null));
  }
}
