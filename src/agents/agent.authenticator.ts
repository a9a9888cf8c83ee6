import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Authenticators, type Authenticator, type Credentials } from '../auth/authenticators.js';
import type { Agent } from '../auth/principal.js';
import { unauthenticated } from '../common/errors.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';

/** A phone; what the handlers need of it comes along. */
export interface AgentPrincipal extends Agent {
  agent: AgentDoc;
}

/** Phones, by a bearer token without a dot (a JWT has two). */
@Injectable()
export class AgentAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly directory: AgentDirectory,
  ) {}

  onModuleInit(): void {
    this.authenticators.register(this);
  }

  recognizes({ bearer }: Credentials): boolean {
    return bearer !== undefined && !bearer.includes('.');
  }

  async authenticate({ bearer }: Credentials): Promise<AgentPrincipal> {
    const agent = await this.directory.byToken(bearer!);
    if (!agent?.is_active)
      throw unauthenticated('The agent token is not valid any more. Register again (POST /agent/register).');
    return { kind: 'agent', id: agent._id, tenant: agent.tenant_id, agent };
  }
}
