import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal } from '../auth/principal.js';
import { conflict, invalidField, notFound } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import type { Route } from '../domain/route.js';
import { RouteTargets } from '../routing/targets.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { CreateTnDto } from './dto/create-tn.dto.js';
import { Pool, type NewTn } from './pool.js';
import type { TnDoc, TnOwner } from './tn.js';
import { TnsRepository } from './tns.repository.js';

/** The pool for administrators: numbers of phones' SIMs and of carriers. */
@Injectable()
export class TnsService {
  constructor(
    private readonly pool: Pool,
    private readonly tns: TnsRepository,
    private readonly targets: RouteTargets,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws ApiError 400, 404 for an owner that isn't there, 409 for a number or SIM that is in the pool already. */
  async add(caller: Principal, body: CreateTnDto) {
    const tn = await this.read(caller.tenant, body);
    const { number } = tn;
    if (!(await this.pool.add(caller.tenant, tn)))
      throw conflict(
        'tn_exists',
        `The pool has ${number}, or another number of this SIM, already. Remove that first.`,
        [{ field: 'number', message: 'is in the pool' }],
      );
    await this.audit.record(caller, 'ADD_TN', { number, ...tn.owner });
    const added = await this.tns.byNumber(caller.tenant, number);
    // Somebody was fast to remove it.
    if (!added) throw notFound('tn', number);
    return show(added);
  }

  async list(tenant: TenantId) {
    const tns = await this.pool.list(tenant);
    return { items: tns.map((tn) => ({ ...show(tn), sessions: tn.sessions })), count: tns.length };
  }

  /** @throws ApiError 404, 409 while an open session uses it. */
  async remove(caller: Principal, typed: string): Promise<{ status: 'ok' }> {
    const number = await this.numberOf(caller.tenant, typed);
    const outcome = number === null ? 'unknown' : await this.pool.remove(caller.tenant, number);
    if (outcome === 'unknown') throw notFound('tn', typed);
    if (outcome !== 'removed')
      throw conflict('tn_in_use', `The session ${outcome.used} uses ${number}. End it first (DELETE /sessions/:id).`);
    await this.audit.record(caller, 'REMOVE_TN', { number });
    return { status: 'ok' };
  }

  private async read(tenant: TenantId, body: CreateTnDto): Promise<NewTn> {
    const number = await this.numberOf(tenant, body.number);
    if (number === null) throw invalidField('number', 'is not a phone number');
    const { carrier, agent_id, sim_slot, mode, channels = ['sms'] } = body;
    if ((carrier === undefined) === (agent_id === undefined))
      throw invalidField('agent_id', 'is required, or carrier: one of the two');
    if (carrier !== undefined && sim_slot !== undefined) throw invalidField('sim_slot', 'is for phones alone');
    if (agent_id !== undefined && channels.some((channel) => channel !== 'sms'))
      throw invalidField('channels', 'must be sms alone for the number of a phone');
    const route: Route =
      agent_id === undefined ? { kind: 'carrier', carrier: carrier! } : { kind: 'agent', agentId: agent_id };
    await this.targets.mustFind(tenant, route, agent_id === undefined ? 'carrier' : 'agent_id');
    const owner: TnOwner = agent_id === undefined ? { carrier: carrier! } : { agent_id, sim_slot: sim_slot ?? null };
    return { number, owner, channels: [...new Set(channels)], mode };
  }

  private async numberOf(tenant: TenantId, typed: string): Promise<string | null> {
    const { default_country_prefix: defaultPrefix } = await this.settings.get(tenant);
    const parsed = parsePhoneNumber(typed, { defaultPrefix, blockInternational: false });
    return 'e164' in parsed ? parsed.e164 : null;
  }
}

function show({ number, owner, channels, mode, created_at }: TnDoc) {
  const ofPhone = 'agent_id' in owner ? owner : { agent_id: null, sim_slot: null };
  const { agent_id, sim_slot } = ofPhone;
  return { number, agent_id, sim_slot, carrier: 'carrier' in owner ? owner.carrier : null, channels, mode, created_at };
}
