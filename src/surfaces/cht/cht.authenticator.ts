import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { AgentDirectory } from '../../agents/agent-directory.js';
import { PrincipalSource, type Authenticator, type Credentials } from '../../auth/principal-source.js';
import { unauthenticated } from '../../common/errors.js';
import { surfaceName } from '../../common/http/surfaces.js';

/** The app's phones, by the name and password in the address that was entered: the agent's id and its token. */
@Injectable()
export class ChtAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly directory: AgentDirectory,
  ) {}

  onModuleInit(): void {
    this.principals.register(this, { first: true });
  }

  recognizes({ basic }: Credentials, request: FastifyRequest): boolean {
    return basic !== undefined && basic.name.startsWith('agt_') && surfaceName(request) === 'cht';
  }

  async authenticate({ basic }: Credentials): Promise<AgentPrincipal> {
    const agent = await this.directory.byToken(basic!.password);
    if (!agent?.is_active || agent._id !== basic!.name || agent.app !== 'cht')
      throw unauthenticated('This address is not valid (any more). Get another: POST /admin/agents/cht.');
    return { kind: 'agent', id: agent._id, tenant: agent.tenant_id, agent };
  }
}
