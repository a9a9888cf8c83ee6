import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { invalidField, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { showAgent, type AgentDoc, type ShownAgent } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';

export interface AgentChange {
  label?: string | null | undefined;
  groups?: readonly string[] | undefined;
  rate_limit_per_min?: number | null | undefined;
  daily_cap?: number | null | undefined;
  sims?: readonly { slot: number; daily_cap: number | null }[] | undefined;
}

@Injectable()
export class AgentsService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly messages: MessagesRepository,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async list(caller: Principal, isActive: boolean | undefined, page: Page): Promise<List<ShownAgent>> {
    const rows = await this.repository.list(caller.tenant, isActive, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, (agent) => this.show(agent));
  }

  /** With what it has to do, by status. */
  async get(caller: Principal, id: string) {
    const agent = await this.mustFind(caller.tenant, id);
    return { ...this.show(agent), open_messages: await this.messages.countOpenOfAgent(caller.tenant, id) };
  }

  async update(caller: User, id: string, change: AgentChange) {
    const agent = await this.mustFind(caller.tenant, id);
    const { sims, ...fields } = change;
    const unknown = sims?.findIndex(({ slot }) => !agent.sims.some((sim) => sim.slot === slot)) ?? -1;
    if (unknown >= 0) throw invalidField(`sims.${unknown}.slot`, 'is not a SIM that the phone has told of');
    const capped = sims && agent.sims.map((sim) => ({ ...sim, ...sims.find(({ slot }) => slot === sim.slot) }));
    const set = { ...fields, ...(capped ? { sims: capped } : {}), updated_at: this.clock.now() };
    const changed = await this.change(caller.tenant, id, set);
    await this.audit.record(caller, 'UPDATE_AGENT', { agent_id: id, fields: Object.keys(change) });
    return this.show(changed);
  }

  /** Its token dies at once. What waits for it stays PENDING, is listed as stalled and can be reassigned. */
  async unregister(caller: User, id: string, reason: string | null) {
    await this.mustFind(caller.tenant, id);
    const now = this.clock.now();
    const changed = await this.repository.update(caller.tenant, id, {
      $set: { is_active: false, status: 'unregistered', unregister_reason: reason, updated_at: now },
      $unset: { token_hash: '' },
    });
    if (!changed) throw notFound('agent', id);
    this.directory.changed(changed);
    await this.audit.record(caller, 'UNREGISTER_AGENT', { agent_id: id, reason });
    return { status: 'ok', agent: this.show(changed) };
  }

  async mustFind(tenant: TenantId, id: string): Promise<AgentDoc> {
    const agent = await this.repository.byId(tenant, id);
    if (!agent) throw notFound('agent', id);
    return agent;
  }

  private async change(tenant: TenantId, id: string, set: Record<string, unknown>): Promise<AgentDoc> {
    const changed = await this.repository.update(tenant, id, { $set: set });
    if (!changed) throw notFound('agent', id);
    this.directory.changed(changed);
    return changed;
  }

  private show(agent: AgentDoc): ShownAgent {
    return showAgent(agent, this.clock.now(), this.config.AGENT_ONLINE_SECONDS);
  }
}
