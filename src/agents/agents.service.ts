import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { invalidField, notFound } from '../common/errors.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { Config } from '../config/load-config.js';
import type { Update } from '../database/query.js';
import type { WorkingHours } from '../domain/working-hours.js';
import { checkHours } from '../tenants/check-hours.js';
import { showAgent, type AgentDoc, type ShownAgent } from './agent.js';
import { AgentDirectory } from './agent-directory.js';
import { AgentsRepository } from './agents.repository.js';
import { newRotationCode } from './rotation-code.js';
import { simsOf } from './sims.js';

export interface AgentChange {
  label?: string | null | undefined;
  groups?: readonly string[] | undefined;
  rate_limit_per_min?: number | null | undefined;
  daily_cap?: number | null | undefined;
  hourly_cap?: number | null | undefined;
  hours?: WorkingHours | null | undefined;
  sims?: readonly SimChange[] | undefined;
}
interface SimChange {
  slot: number;
  daily_cap?: number | null | undefined;
  hourly_cap?: number | null | undefined;
}

@Injectable()
export class AgentsService {
  constructor(
    private readonly repository: AgentsRepository,
    private readonly directory: AgentDirectory,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async list(caller: Principal, isActive: boolean | undefined, page: Page): Promise<List<ShownAgent>> {
    const rows = await this.repository.list(caller.tenant, isActive, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, (agent) => this.show(agent));
  }

  async update(caller: User, id: string, change: AgentChange) {
    const agent = await this.mustFind(caller.tenant, id);
    const { sims = [], label, ...fields } = change;
    const known = simsOf(agent).map(({ slot }) => slot);
    const unknown = sims.findIndex(({ slot }) => !known.includes(slot));
    if (unknown >= 0) throw invalidField(`sims.${unknown}.slot`, 'is not a SIM that the phone has told of');
    checkHours('hours', fields.hours);
    const set = { ...fields, ...(label === undefined ? {} : { given_label: label }), updated_at: this.clock.now() };
    const changed = await this.repository.update(caller.tenant, id, withCaps(set, sims));
    if (!changed) throw notFound('agent', id);
    this.directory.changed(changed);
    await this.audit.record(caller, 'UPDATE_AGENT', { agent_id: id, fields: Object.keys(change) });
    return this.show(changed);
  }

  /** Its token dies at once. What waits for it stays PENDING, is listed as stalled and can be reassigned. */
  async unregister(caller: User, id: string, reason: string | null) {
    await this.mustFind(caller.tenant, id);
    const now = this.clock.now();
    const changed = await this.repository.update(caller.tenant, id, {
      $set: { is_active: false, unregister_reason: reason, updated_at: now },
      $unset: { token_hash: '' },
    });
    if (!changed) throw notFound('agent', id);
    this.directory.changed(changed);
    await this.audit.record(caller, 'UNREGISTER_AGENT', { agent_id: id, reason });
    return { status: 'ok', agent: this.show(changed) };
  }

  /** In place of one that was issued before. */
  async issueCode(caller: User, id: string) {
    await this.mustFind(caller.tenant, id);
    const { code, stored } = newRotationCode(id, this.clock.now());
    await this.audit.recordFirst(caller, 'ISSUE_ROTATION_CODE', { agent_id: id });
    if (!(await this.repository.update(caller.tenant, id, { $set: { rotation_code: stored } })))
      throw notFound('agent', id);
    return { agent_id: id, rotation_code: code, expires_at: stored.expires_at };
  }

  /** What its app was given last. */
  async toldApp(agent: AgentDoc, told: Pick<AgentDoc, 'app_settings' | 'app_webhooks'>): Promise<void> {
    await this.repository.update(agent.tenant_id, agent._id, { $set: { ...told } });
    this.directory.changed(agent);
  }

  async mustFind(tenant: TenantId, id: string): Promise<AgentDoc> {
    const agent = await this.repository.byId(tenant, id);
    if (!agent) throw notFound('agent', id);
    return agent;
  }

  private show(agent: AgentDoc): ShownAgent {
    return showAgent(agent, this.clock.now(), this.config.AGENT_ONLINE_SECONDS);
  }
}

/** Each slot's cap by itself: of two changes at the same moment both stay. */
function withCaps(set: Record<string, unknown>, sims: readonly SimChange[]): Update {
  const caps = new Map(
    sims.flatMap(({ slot, daily_cap, hourly_cap }) => [
      [`sim_caps.${slot}`, daily_cap] as const,
      [`sim_hourly_caps.${slot}`, hourly_cap] as const,
    ]),
  );
  const given = [...caps].filter(([, cap]) => cap !== undefined);
  const $unset = Object.fromEntries(given.filter(([, cap]) => cap === null).map(([path]) => [path, '' as const]));
  return {
    $set: { ...set, ...Object.fromEntries(given.filter(([, cap]) => cap !== null)) },
    ...(Object.keys($unset).length > 0 ? { $unset } : {}),
  };
}
