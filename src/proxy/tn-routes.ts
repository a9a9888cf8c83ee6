import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { formatRoute, parseRoute, type Route } from '../domain/route.js';
import type { InboundDoc } from '../inbound/inbound-message.js';
import { RouteTargets } from '../routing/targets.js';
import type { TnDoc } from './tn.js';
import { TnsRepository } from './tns.repository.js';

/** How a text leaves by a number of the pool. */
export interface Way {
  route: string;
  from?: string;
  simSlot: number | null;
  /** Most characters of one text; null: any number. */
  characters: number | null;
}

/** By what texts of a number of the pool leave, and for which one a text came. */
@Injectable()
export class TnRoutes {
  constructor(
    private readonly tns: TnsRepository,
    private readonly targets: RouteTargets,
  ) {}

  /** Null when its carrier isn't set up, or its phone isn't active: nothing can leave by it. */
  async wayOf({ tenant_id, number, owner }: TnDoc): Promise<Way | null> {
    const route: Route =
      'carrier' in owner ? { kind: 'carrier', carrier: owner.carrier } : parseRoute(`agent:${owner.agent_id}`)!;
    const target = await this.targets.find(tenant_id, route);
    if (!target) return null;
    const way = { route: formatRoute(route), characters: target.characters };
    if ('carrier' in owner) return { ...way, from: number, simSlot: null };
    // A phone fetches texts only for the SIMs that it has told of.
    const isTold = owner.sim_slot !== null && target.simSlots.includes(owner.sim_slot);
    return { ...way, simSlot: isTold ? owner.sim_slot : null };
  }

  /** The number of the pool that a text was written to; null: none. A phone doesn't know its own, so its SIM says which one it is. */
  async writtenTo({ tenant_id, agent_id, sim_slot, to }: InboundDoc): Promise<TnDoc | null> {
    if (!agent_id) return to ? this.tns.byNumber(tenant_id, to) : null;
    const own = await this.tns.ofAgent(tenant_id, agent_id);
    const slotOf = ({ owner }: TnDoc) => ('agent_id' in owner ? owner.sim_slot : null);
    if (sim_slot === null) return own.length === 1 ? own[0]! : (own.find(({ number }) => number === to) ?? null);
    return own.find((tn) => slotOf(tn) === sim_slot) ?? own.find((tn) => slotOf(tn) === null) ?? null;
  }

  /** False: not a number of this tenant's pool. */
  async isOwn(tenant: TenantId, number: string): Promise<boolean> {
    return (await this.tns.byNumber(tenant, number)) !== null;
  }
}
