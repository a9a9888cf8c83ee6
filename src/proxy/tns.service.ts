import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Principal } from '../auth/principal.js';
import { conflict, invalidField, notFound } from '../common/errors.js';
import type { TenantId } from '../common/tenant-id.js';
import { parsePhoneNumber } from '../domain/phone-number.js';
import { checkChannel, RouteTargets } from '../routing/targets.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { ChangeTnDto } from './dto/change-tn.dto.js';
import type { CreateTnDto } from './dto/create-tn.dto.js';
import { Pool, type NewTn } from './pool.js';
import type { TnChannel, TnDoc, TnOwner } from './tn.js';
import { TnChanges } from './tn-changes.js';
import { TnsRepository } from './tns.repository.js';

/** The pool for administrators: numbers of phones' SIMs and of carriers. */
@Injectable()
export class TnsService {
  constructor(
    private readonly pool: Pool,
    private readonly changes: TnChanges,
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

  /** @throws ApiError 400, 404 for a number or an owner that isn't there, 409 while open sessions need it as it is. */
  async change(caller: Principal, typed: string, body: ChangeTnDto) {
    const { tenant } = caller;
    const number = await this.numberOf(tenant, typed);
    const seen = number === null ? null : await this.tns.byNumber(tenant, number);
    if (!seen) throw notFound('tn', typed);
    const { mode = seen.mode, channels = seen.channels } = body;
    const owner = await this.readOwner(tenant, body, seen.owner);
    const change = { owner, mode, channels: await this.readChannels(tenant, channels, owner) };
    const outcome = await this.changes.change(seen, change);
    if (outcome === 'unknown') throw notFound('tn', typed);
    if (typeof outcome === 'string' || 'used' in outcome) throw refusal(seen.number, outcome);
    await this.audit.record(caller, 'CHANGE_TN', { number, ...body });
    return show(outcome.changed);
  }

  private async read(tenant: TenantId, body: CreateTnDto): Promise<NewTn> {
    const number = await this.numberOf(tenant, body.number);
    if (number === null) throw invalidField('number', 'is not a phone number');
    const { mode, channels = ['sms'] } = body;
    const owner = await this.readOwner(tenant, body, null);
    return { number, owner, channels: await this.readChannels(tenant, channels, owner), mode };
  }

  /** `before`: whose it is, if nobody else is named. */
  private async readOwner(tenant: TenantId, body: ChangeTnDto, before: TnOwner | null): Promise<TnOwner> {
    const { carrier, agent_id, sim_slot } = body;
    if (carrier !== undefined && agent_id !== undefined) throw invalidField('agent_id', 'or carrier: one of the two');
    const owner =
      carrier === undefined && agent_id === undefined
        ? before
        : carrier === undefined
          ? { agent_id: agent_id! }
          : { carrier };
    if (!owner) throw invalidField('agent_id', 'is required, or carrier: one of the two');
    if (owner === before && sim_slot === undefined) return before;
    if ('carrier' in owner) {
      if (typeof sim_slot === 'number') throw invalidField('sim_slot', 'is for phones alone');
      await this.targets.mustFind(tenant, { kind: 'carrier', carrier: owner.carrier }, 'carrier');
      return owner;
    }
    await this.targets.mustFind(tenant, { kind: 'agent', agentId: owner.agent_id }, 'agent_id');
    return { agent_id: owner.agent_id, sim_slot: sim_slot ?? null };
  }

  private async readChannels(tenant: TenantId, channels: readonly TnChannel[], owner: TnOwner): Promise<TnChannel[]> {
    if ('agent_id' in owner) {
      if (channels.some((channel) => channel !== 'sms'))
        throw invalidField('channels', 'must be sms alone for the number of a phone');
    } else {
      const route = { kind: 'carrier', carrier: owner.carrier } as const;
      const target = await this.targets.mustFind(tenant, route, 'carrier');
      // What sends no SMS makes no calls either.
      for (const channel of channels) checkChannel(route, target, channel === 'voice' ? 'sms' : channel, 'carrier');
    }
    return [...new Set(channels)];
  }

  private async numberOf(tenant: TenantId, typed: string): Promise<string | null> {
    const rules = numberRules(await this.settings.get(tenant), { anyPossible: true });
    const parsed = parsePhoneNumber(typed, rules);
    return 'e164' in parsed ? parsed.e164 : null;
  }
}

const WHY = {
  owner: 'can be given to another phone or carrier only while no session uses it',
  channels: 'can lose a channel only while no session uses that',
  mode: 'can become exclusive only while not more than one session uses it',
};

function refusal(number: string, why: 'busy' | 'sim taken' | { used: string; field: keyof typeof WHY }) {
  if (why === 'busy')
    return conflict('tn_busy', `Somebody else is changing or removing ${number}. Send it again in a moment.`);
  if (why === 'sim taken') return conflict('tn_exists', 'The pool has another number of this SIM. Remove that first.');
  const field = why.field === 'owner' ? 'agent_id' : why.field;
  return conflict(
    'tn_in_use',
    `${number} ${WHY[why.field]}; ${why.used} is such a session. End it first (DELETE /sessions/:id).`,
    [{ field, message: WHY[why.field] }],
  );
}

function show({ number, owner, channels, mode, created_at }: TnDoc) {
  const ofPhone = 'agent_id' in owner ? owner : { agent_id: null, sim_slot: null };
  const { agent_id, sim_slot } = ofPhone;
  return { number, agent_id, sim_slot, carrier: 'carrier' in owner ? owner.carrier : null, channels, mode, created_at };
}
