import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { StoreFailure } from '../common/store-failure.js';
import { ParkedRepository } from './parked.repository.js';
import type { Keeper, ParkedDoc, ParkedKind, Row } from './parked-row.js';

const LONGEST_REASON = 1000;

/**
 * One row that a worker can't get through with holds no other up: it is logged, parked (out of the worker's sight, and in a list for the
 * administrator) and the worker goes on. A failing store is no row's fault.
 */
@Injectable()
export class Parking {
  private readonly logger = new Logger(Parking.name);
  private readonly keepers = new Map<ParkedKind, Keeper>();

  constructor(
    private readonly repository: ParkedRepository,
    private readonly clock: Clock,
  ) {}

  /** In a constructor. */
  register(keeper: Keeper): void {
    this.keepers.set(keeper.kind, keeper);
  }

  /** Works on one row; says whether it went well. @throws what the store throws. */
  async guard(kind: ParkedKind, row: Row, work: () => unknown): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      await this.park(kind, row, error);
      return false;
    }
  }

  /** Listed first: what a crash leaves between the two is met, and parked, again. */
  async park(kind: ParkedKind, row: Row, error: unknown): Promise<void> {
    const { _id, tenant_id } = row;
    this.logger.error({ err: error, tenant: tenant_id }, `${kind} ${_id} can't be worked on and is parked`);
    const keeper = this.keeperOf(kind);
    const sight = await keeper.sightOf(row);
    if (!sight) return;
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
    await this.repository.put({ _id, tenant_id, kind, since: this.clock.now(), reason, sight });
    await keeper.hide(row, sight);
  }

  /** Its worker tries again. */
  async letGo(parked: ParkedDoc): Promise<void> {
    await this.keeperOf(parked.kind).show(parked);
    await this.repository.remove(parked.tenant_id, parked._id);
  }

  private keeperOf(kind: ParkedKind): Keeper {
    const keeper = this.keepers.get(kind);
    if (!keeper) throw new Error(`Nobody keeps rows of the kind ${kind}`);
    return keeper;
  }
}
