import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { HOUR_MILLIS, later, MINUTE_MILLIS } from '../../domain/time.js';
import { BucketsRepository } from './buckets.repository.js';
import { CellSum } from './count-cells.js';
import { CountedMessagesRepository } from './counted-messages.repository.js';

/** Says that there is no time left to go on. */
export type IsOver = () => boolean;

/** A race is lost to somebody who set the bucket meanwhile; who reads again afterwards is as new as anybody. */
const TRIES = 5;
const MINUTES_OF_AN_HOUR = 60;

/**
 * Buckets made anew from what they are made of, and set. Never "one more": an increment that a crash cuts off, or makes twice, would
 * be wrong for ever. The revision is read before the rows, so that an older count can't replace a newer one; and it is raised also when
 * nothing changed, since that is what tells the older count that it is one.
 */
@Injectable()
export class Recount {
  constructor(
    private readonly buckets: BucketsRepository,
    private readonly rows: CountedMessagesRepository,
  ) {}

  /** From its messages, of which it answers the number; not set when every race was lost, or the time was over before. */
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

  /** From its minutes; a frozen one stays as it is. */
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
