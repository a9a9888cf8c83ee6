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
  private readonly written = new LRUCache<string, Date>({ max: 20_000 });

  constructor(
    private readonly repository: AgentsRepository,
    private readonly fleet: Fleet,
    private readonly clock: Clock,
  ) {}

  /** `asks`: for something to send. */
  async touch(agent: AgentDoc, { asks = false } = {}): Promise<void> {
    const now = this.clock.now();
    const what = asks ? askingOf(agent._id) : agent._id;
    const last = this.written.get(what);
    if (last && now.getTime() - last.getTime() < EVERY_MILLIS) return;
    for (const key of new Set([what, agent._id])) this.written.set(key, now);
    const told = { last_seen_at: now, status: 'online' };
    const asked = asks ? { last_asked_at: now } : {};
    await this.repository.update(agent.tenant_id, agent._id, { $set: { ...told, ...asked } });
    this.fleet.heard(agent, told);
  }

  /** The phone told of itself meanwhile; its next call counts anew. */
  forget(agentId: string): void {
    this.written.delete(agentId);
    this.written.delete(askingOf(agentId));
  }
}

function askingOf(agentId: string): string {
  return `${agentId} asks`;
}
