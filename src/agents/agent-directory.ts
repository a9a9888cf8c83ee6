import { Injectable } from '@nestjs/common';
import { hashSecret } from '../common/secrets.js';
import { ShortCache } from '../common/short-cache.js';
import type { AgentDoc } from './agent.js';
import { AgentsRepository } from './agents.repository.js';

/** Phones by their tokens, remembered for a few seconds. */
@Injectable()
export class AgentDirectory {
  private readonly byHash = new ShortCache<AgentDoc>((hash) => this.repository.byTokenHash(hash));

  constructor(private readonly repository: AgentsRepository) {}

  /** Null for a token that was rotated away or never was. */
  byToken(token: string): Promise<AgentDoc | null> {
    return this.byHash.get(hashSecret(token));
  }

  forget(agentId: string): void {
    this.byHash.forgetWhere((agent) => agent._id === agentId);
  }
}
