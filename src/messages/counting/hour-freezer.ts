import { Injectable } from '@nestjs/common';
import { idTime } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';
import { HOUR_MILLIS, later, quarterOf } from '../../domain/time.js';
import { BucketsRepository, type Quarter } from './buckets.repository.js';
import { CellSum, type CountCell } from './count-cells.js';
import { CountedMessagesRepository } from './counted-messages.repository.js';

const TRIES = 5;

/** Stores the final counts of an hour before its messages are removed. */
@Injectable()
export class HourFreezer {
  constructor(
    private readonly buckets: BucketsRepository,
    private readonly rows: CountedMessagesRepository,
  ) {}

  /**
   * Counts the hour from its messages a last time. After that it doesn't change any more, and its minutes are not needed. Another count of
   * the same hour that is running now fails because the revision has changed.
   */
  async freeze(tenant: TenantId, hour: Date): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.buckets.one(tenant, 'hour', hour);
      if (seen?.frozen) return;
      const { cells, quarters } = await this.count(tenant, hour);
      if (!(await this.buckets.set(tenant, 'hour', hour, seen, cells, quarters))) continue;
      return this.buckets.removeMinutes(tenant, hour, later(hour, HOUR_MILLIS));
    }
    throw new Error(`freezing ${hour.toISOString()} of ${tenant} failed: another gateway changed it at every attempt`);
  }

  private async count(tenant: TenantId, hour: Date): Promise<{ cells: CountCell[]; quarters: Quarter[] }> {
    const whole = new CellSum();
    const byQuarter = new Map<number, CellSum>();
    for await (const page of this.rows.within(tenant, hour, later(hour, HOUR_MILLIS))) {
      for (const row of page) {
        const at = quarterOf(idTime(row._id)).getTime();
        const quarter = byQuarter.get(at) ?? new CellSum();
        byQuarter.set(at, quarter);
        quarter.addRow(row);
        whole.addRow(row);
      }
    }
    // Rows come in the order of time, and so do their quarters.
    const quarters = [...byQuarter].map(([at, quarter]) => ({ at: new Date(at), cells: quarter.toCells() }));
    return { cells: whole.toCells(), quarters };
  }
}
