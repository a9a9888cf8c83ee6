import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { RequestsRepository } from './requests.repository.js';

/** A request that has left traces and not committed for this long is given up. */
const OLD_MILLIS = 60_000;
const GRAVE_DAYS = 7;

/** When a request that never committed counts as dead, and how it is kept from coming back. */
@Injectable()
export class DeadRequests {
  private readonly startedAt: Date;

  constructor(
    private readonly requests: RequestsRepository,
    private readonly clock: Clock,
  ) {
    this.startedAt = clock.now();
  }

  /**
   * Whether traces of this time can't be of a request that is still on its way. One process owns the embedded store: whatever is
   * older than its start is dead at once. With several gateways only age tells.
   */
  isDead(at: Date): boolean {
    return at < this.horizon();
  }

  horizon(): Date {
    const old = later(this.clock.now(), -OLD_MILLIS);
    return this.requests.haveOneGateway && this.startedAt > old ? this.startedAt : old;
  }

  /** A slow writer's commit fails from now on; one that has just committed stays. */
  async bury(tenant: TenantId, requestId: string): Promise<void> {
    const now = this.clock.now();
    await this.requests.tombstone(tenant, requestId, now, later(now, GRAVE_DAYS * DAY_MILLIS));
  }
}
