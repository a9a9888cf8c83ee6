import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { HOUR_MILLIS, later, MINUTE_MILLIS } from '../../domain/time.js';
import { BucketsRepository } from './buckets.repository.js';
import { CellSum } from './count-cells.js';
import { CountedMessagesRepository } from './counted-messages.repository.js';

/** Returns true when there is no time left. */
export type IsOver = () => boolean;

/** How often a count is repeated when another count has set the bucket in the meantime. */
const TRIES = 5;
const MINUTES_OF_AN_HOUR = 60;

/**
 * Counts buckets from their messages or minutes, and sets them. It never increments: an increment that is lost or repeated in a crash would
 * be wrong for ever. The revision is read before the rows, so that an older count can't replace a newer one. It is incremented even when
 * nothing changed, because only this makes an older count fail.
 */
@Injectable()
export class Recount {
  constructor(
    private readonly buckets: BucketsRepository,
    private readonly rows: CountedMessagesRepository,
  ) {}

  /** Counts a minute from its messages and returns their number. Doesn't set it if other counts were always faster, or time ran out. */
  async minute(tenant: TenantId, at: Date, isOver: IsOver): Promise<{ isSet: boolean; rows: number }> {
    let rows = 0;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.buckets.one(tenant, 'minute', at);
      const sum = new CellSum();
      for await (const page of this.rows.within(tenant, at, later(at, MINUTE_MILLIS))) {
        for (const row of page) sum.addRow(row);
        rows += page.length;
        if (isOver()) return { isSet: false, rows };
      }
      const cells = sum.toCells();
      if (!seen && cells.length === 0) return { isSet: true, rows };
      if (await this.buckets.set(tenant, 'minute', at, seen, cells)) return { isSet: true, rows };
    }
    return { isSet: false, rows };
  }

  /** Counts an hour from its minutes; a frozen hour stays as it is. */
  async hour(tenant: TenantId, at: Date): Promise<boolean> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const seen = await this.buckets.one(tenant, 'hour', at);
      if (seen?.frozen) return true;
      const sum = new CellSum();
      const minutes = await this.buckets.within(tenant, 'minute', at, later(at, HOUR_MILLIS), MINUTES_OF_AN_HOUR);
      for (const { cells } of minutes) for (const cell of cells) sum.addCell(cell);
      const cells = sum.toCells();
      if (!seen && cells.length === 0) return true;
      if (await this.buckets.set(tenant, 'hour', at, seen, cells)) return true;
    }
    return false;
  }
}
