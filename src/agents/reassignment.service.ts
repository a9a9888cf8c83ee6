import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { invalidField } from '../common/errors.js';
import { MOST_SIMS } from '../common/dto/field-types.js';
import { agentQueues, formatRoute, queueKey } from '../domain/route.js';
import { Rerouting, type NewPlace } from '../messages/rerouting.js';
import { checkChannel, RouteTargets } from '../routing/targets.js';
import { AgentsService } from './agents.service.js';
import type { ReassignMessagesDto } from './dto/reassign-messages.dto.js';

/** Gives the work of one phone to another, to a group or to a carrier. */
@Injectable()
export class ReassignmentService {
  constructor(
    private readonly agents: AgentsService,
    private readonly targets: RouteTargets,
    private readonly rerouting: Rerouting,
    private readonly audit: AuditService,
  ) {}

  async reassign(caller: User, agentId: string, body: ReassignMessagesDto) {
    const { route: routeText, end_leases: endLeases } = body;
    await this.agents.mustFind(caller.tenant, agentId);
    const to = await this.destination(caller, agentId, body);
    // Every slot, also of a SIM that was taken out: nobody else asks for its texts.
    const own = agentQueues(caller.tenant, { agentId, groups: [], simSlots: [...Array(MOST_SIMS).keys()] });
    const from = own.map(({ queue }) => queue);
    const { moved, leased, tooLong } = await this.rerouting.reroute(from, to, `user:${caller.id}`, endLeases);
    await this.audit.record(caller, 'REASSIGN_MESSAGES', {
      agent_id: agentId,
      route: routeText,
      reassigned: moved,
      still_leased: leased,
    });
    return { status: 'ok', reassigned: moved, still_leased: leased, ...(tooLong > 0 ? { too_long: tooLong } : {}) };
  }

  private async destination(caller: User, agentId: string, body: ReassignMessagesDto): Promise<NewPlace> {
    const route = this.targets.read(body.route);
    if (route.kind === 'agent' && route.agentId === agentId) throw invalidField('route', 'is the phone itself');
    const target = await this.targets.find(caller.tenant, route);
    if (!target) throw invalidField('route', 'names no active agent and no carrier of yours');
    this.targets.checkServed(target, route, 'route', body.allow_empty_route);
    // What waits for a phone is an SMS.
    checkChannel(route, target, 'sms', 'route');
    return {
      route: formatRoute(route),
      queue: queueKey(caller.tenant, route, null),
      agentId: target.agentId,
      characters: target.characters,
    };
  }
}
