import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Channel } from '../domain/channel.js';
import { RouteTargets } from './targets.js';

/** Chooses where a text leaves that nobody has named a route for: the first carrier that works, then a phone that is online. */
@Injectable()
export class RouteChoice {
  constructor(private readonly targets: RouteTargets) {}

  async choose(tenant: TenantId, channel: Channel): Promise<string | null> {
    return (await this.chooseEach(tenant, [channel]))[0]!;
  }

  /** For each channel: what works comes before what doesn't now; null: nothing of the tenant's sends by it. */
  async chooseEach(tenant: TenantId, channels: readonly Channel[]): Promise<(string | null)[]> {
    const all = (await this.targets.candidates(tenant)).sort((a, b) => a.rank - b.rank);
    return channels.map((channel) => {
      const possible = all.filter((one) => one.channels.includes(channel));
      return (possible.find(({ works }) => works) ?? possible[0])?.route ?? null;
    });
  }
}
