import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock.js';
import type { AgentDoc } from './agent.js';
import { AgentsRepository } from './agents.repository.js';
import { Fleet } from './fleet.js';

/** A phone polls far more often than anybody looks: one write in this time is enough. */
const EVERY_MILLIS = 15_000;

@Injectable()
export class LastSeen {
  private readonly written = new LRUCache<string, Date>({ max: 10_000 });

  constructor(
    private readonly repository: AgentsRepository,
    private readonly fleet: Fleet,
    private readonly clock: Clock,
  ) {}

  async touch(agent: AgentDoc): Promise<void> {
    const now = this.clock.now();
    const last = this.written.get(agent._id);
    if (last && now.getTime() - last.getTime() < EVERY_MILLIS) return;
    this.written.set(agent._id, now);
    const told = { last_seen_at: now, status: 'online' };
    await this.repository.update(agent.tenant_id, agent._id, { $set: { ...told, last_asked_at: now } });
    this.fleet.heard(agent, told);
  }

  /** The phone told of itself meanwhile; its next poll counts anew. */
  forget(agentId: string): void {
    this.written.delete(agentId);
  }
}
