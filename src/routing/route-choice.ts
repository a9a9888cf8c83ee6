import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import { parseRoute } from '../domain/route.js';
import { RouteTargets, type Candidate, type Target } from './targets.js';

/** Chooses where a text leaves that nobody has named a route for: the first carrier that works, then a phone that is online. */
@Injectable()
export class RouteChoice {
  constructor(private readonly targets: RouteTargets) {}

  /** What sends by the channel and works comes before what sends by it; null: nothing of the tenant's does. */
  async choose(tenant: TenantId, channel: Channel): Promise<string | null> {
    let possible: string | null = null;
    for (const { route } of (await this.targets.candidates(tenant)).sort(byRank)) {
      const target = await this.targets.find(tenant, parseRoute(route)!);
      if (!target?.channels.includes(channel)) continue;
      if (works(target)) return route;
      possible ??= route;
    }
    return possible;
  }
}

function works({ online, hold }: Target): boolean {
  return online > 0 && !hold;
}

function byRank(a: Candidate, b: Candidate): number {
  return a.rank - b.rank;
}
