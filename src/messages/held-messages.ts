import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { isLive } from '../domain/lease.js';
import type { Claimed } from './candidate.js';
import { MessagesRepository } from './messages.repository.js';

/** Some of what is assigned may be under leases that ran out; those that are in force never are as many. */
const MOST_ASSIGNED = 500;

/** What a phone was given and has told nothing of. */
@Injectable()
export class HeldMessages {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly clock: Clock,
  ) {}

  /** Under leases that are in force; `limit` at most, in the order of acceptance. */
  async of(tenant: TenantId, agentId: string, limit: number): Promise<Claimed[]> {
    const assigned = await this.messages.assignedTo(tenant, agentId, MOST_ASSIGNED);
    const now = this.clock.now();
    return assigned.filter(({ lease }) => lease?.holder === agentId && isLive(lease, now)).slice(0, limit);
  }
}
