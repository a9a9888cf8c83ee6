import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { Agent, Principal } from '../auth/principal.js';
import { unauthenticated } from '../common/errors.js';
import type { AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';

/** A phone; what the handlers need of it comes along. */
export interface AgentPrincipal extends Agent {
  agent: AgentDoc;
}

/** Not even looked up. */
const NOT_ONE =
  'The token is neither a user’s (from POST /auth/login) nor a phone’s (from POST /agent/register, it begins with tla_). ' +
  'An API key is sent as X-API-Key.';

/** Phones, by a bearer token without a dot (a JWT has two). */
@Injectable()
export class AgentAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly directory: AgentDirectory,
  ) {}

  onModuleInit(): void {
    this.principals.register(this);
  }

  recognizes({ bearer }: Credentials): boolean {
    return bearer !== undefined && !bearer.includes('.');
  }

  async authenticate({ bearer }: Credentials): Promise<AgentPrincipal> {
    if (!bearer!.startsWith('tla_')) throw unauthenticated(NOT_ONE);
    return toPrincipal(await this.directory.byToken(bearer!));
  }

  again(caller: Principal): Promise<AgentPrincipal> | undefined {
    return caller.kind === 'agent'
      ? this.directory.current((caller as AgentPrincipal).agent).then(toPrincipal)
      : undefined;
  }
}

function toPrincipal(agent: AgentDoc | null): AgentPrincipal {
  if (!agent?.is_active)
    throw unauthenticated('The agent token is not valid any more. Register again (POST /agent/register).');
  return { kind: 'agent', id: agent._id, tenant: agent.tenant_id, agent };
}
