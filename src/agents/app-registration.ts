import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import type { AgentApp, AgentDoc } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import { newAgent, type Newcomer } from './new-agent.js';
import type { Welcome } from './registration-codes.js';
import { RegistrationProof } from './registration-proof.js';
import type { ReportedSim } from './sims.js';

/** By what an app shows that it may join: a one-time code, the tenant's registration secret, whoever holds it, or nothing. */
export type Ticket = { code: string } | { secret: string } | { tenant: TenantId } | { nothing: true };

export interface AppPhone {
  app: AgentApp;
  name: string | null;
  sims: readonly ReportedSim[];
  version: string | null;
  address: string;
}

/** Registers phones with apps of others. They have no id of their own: one that registers again is a new phone. */
@Injectable()
export class AppRegistration {
  constructor(
    private readonly proof: RegistrationProof,
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 403 for a ticket that isn't good, 429 after too many of them. */
  async register(ticket: Ticket, phone: AppPhone): Promise<{ agent: AgentDoc; token: string }> {
    const id = newId('agt');
    const { tenant, label, group } = await this.admit(ticket, id, phone.address);
    const joined = await this.insert({
      id,
      tenant,
      app: phone.app,
      label: phone.name,
      givenLabel: label,
      groups: group === null ? [] : [group],
      sims: phone.sims,
      appVersion: phone.version,
      address: phone.address,
    });
    await this.record({ kind: 'agent', id, tenant }, joined.agent);
    return joined;
  }

  /** For an app that doesn't register itself: a person enters the token in it. */
  async create(caller: User, app: AgentApp, { label, group }: Welcome): Promise<{ agent: AgentDoc; token: string }> {
    const created = await this.insert({
      tenant: caller.tenant,
      app,
      label: null,
      givenLabel: label,
      groups: group === null ? [] : [group],
      sims: [],
      appVersion: null,
      address: null,
    });
    await this.record(caller, created.agent);
    return created;
  }

  private async insert(newcomer: Newcomer): Promise<{ agent: AgentDoc; token: string }> {
    const made = newAgent(newcomer, this.clock.now());
    await this.repository.insert(made.agent);
    this.directory.changed(made.agent);
    return made;
  }

  private async record(by: Principal, { _id, device_id, app }: AgentDoc): Promise<void> {
    await this.audit.record(by, 'REGISTER_AGENT', { agent_id: _id, device_id, app });
  }

  private async admit(
    ticket: Ticket,
    agentId: string,
    address: string,
  ): Promise<{ tenant: TenantId; label: string | null; group: string | null }> {
    const plain = { label: null, group: null };
    if ('tenant' in ticket) return { tenant: ticket.tenant, ...plain };
    if ('secret' in ticket) return { tenant: await this.proof.tenantOfSecret(ticket.secret, address), ...plain };
    if ('nothing' in ticket) return { tenant: await this.proof.tenantOf({ rotate: false, address }), ...plain };
    const { tenant_id, label, group } = await this.proof.useCode(ticket.code, agentId, address);
    return { tenant: tenant_id, label, group };
  }
}
