import { Injectable, type OnModuleInit } from '@nestjs/common';
import { formatRoute } from '../domain/route.js';
import { RouteTargets } from '../routing/targets.js';
import { AgentsRepository } from './agents.repository.js';
import { Fleet } from './fleet.js';
import { simsOf } from './sims.js';

const NO_PHONE = {
  code: 'agent_not_found',
  message: 'Agent not found or inactive',
  advice: 'Choose another in GET /admin/agents.',
};

const PHONE = 1;

/** A phone sends SMS of any length. By which number is up to its SIM, and phones don't know their SIM's number. */
const BY_PHONE = { channels: ['sms'], characters: null, sender: null } as const;

/** Phones as places to send by: one, or whichever of a group is first. */
@Injectable()
export class AgentTargets implements OnModuleInit {
  constructor(
    private readonly targets: RouteTargets,
    private readonly agents: AgentsRepository,
    private readonly fleet: Fleet,
  ) {}

  onModuleInit(): void {
    this.targets.register({
      kind: 'agent',
      form: 'agent:<id>',
      absent: NO_PHONE,
      list: async (tenant) =>
        (await this.fleet.active(tenant)).map((phone) => ({
          route: formatRoute({ kind: 'agent', agentId: phone._id }),
          rank: PHONE,
          channels: BY_PHONE.channels,
          works: this.fleet.isOnline(phone),
        })),
      find: async (tenant, { agentId }) => {
        const agent = await this.agents.byId(tenant, agentId);
        if (!agent?.is_active) return null;
        // Those it has told of, since it fetches texts for no other.
        const simSlots = simsOf(agent).map((sim) => sim.slot);
        return { ...BY_PHONE, agentId, simSlots, phones: 1, online: this.fleet.isOnline(agent) ? 1 : 0 };
      },
    });
    this.targets.register({
      kind: 'group',
      form: 'group:<name>',
      absent: NO_PHONE,
      find: async (tenant, { group }) => ({
        ...BY_PHONE,
        agentId: null,
        simSlots: [],
        ...(await this.fleet.ofGroup(tenant, group)),
      }),
    });
  }
}
