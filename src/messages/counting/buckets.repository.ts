import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { DuplicateKeyError } from '../../database/query.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import { bucketId } from '../../domain/count-bucket.js';
import type { CountCell } from './count-cells.js';

/** The counts of messages that were accepted in one minute, or one hour. */
export interface BucketDoc {
  _id: string;
  tenant_id: TenantId;
  at: Date;
  /** Incremented by every write; the compare-and-set compares it. */
  rev: number;
  cells: CountCell[];
  /** True for an hour whose messages may have been removed: it doesn't change any more. */
  frozen?: true;
  /** Of a frozen hour, whose minutes are gone: for zones in which a day begins within it. Earlier versions didn't write it. */
  quarters?: Quarter[];
}
/** A quarter of an hour that has messages. */
export interface Quarter {
  at: Date;
  cells: CountCell[];
}
export type Level = 'minute' | 'hour';

/** Counted messages. A bucket is always replaced completely, and only if it hasn't changed since before its rows were read. */
@Injectable()
export class BucketsRepository {
  private readonly levels: Record<Level, TenantCollection<BucketDoc>>;

  constructor(@InjectStore() store: Store) {
    this.levels = {
      minute: new TenantCollection(store.collection<BucketDoc>('report_minutes')),
      hour: new TenantCollection(store.collection<BucketDoc>('report_hours')),
    };
  }

  one(tenant: TenantId, level: Level, at: Date): Promise<BucketDoc | null> {
    return this.levels[level].findOne(tenant, { _id: bucketId(tenant, at) });
  }

  /** In the order of time; `from` is included, `to` is not. */
  within(tenant: TenantId, level: Level, from: Date, to: Date, limit: number): Promise<BucketDoc[]> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    return this.levels[level].find(tenant, { _id: ids }, { sort: { _id: 1 }, limit });
  }

  /**
   * Writes only if the bucket is still the one that was read (null: there was none). Returns whether it was written. With its quarters, an
   * hour is frozen.
   */
  async set(
    tenant: TenantId,
    level: Level,
    at: Date,
    seen: BucketDoc | null,
    cells: CountCell[],
    quarters?: Quarter[],
  ): Promise<boolean> {
    const _id = bucketId(tenant, at);
    const mark = quarters ? { frozen: true as const, quarters } : {};
    if (seen) {
      const update = { $set: { cells, ...mark }, $inc: { rev: 1 } };
      return (await this.levels[level].updateOne(tenant, { _id, rev: seen.rev }, update)).matched === 1;
    }
    try {
      await this.levels[level].insertOne(tenant, { _id, at, rev: 1, cells, ...mark });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** Removes the minutes of a frozen hour, which are no longer needed. */
  async removeMinutes(tenant: TenantId, from: Date, to: Date): Promise<void> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    await this.levels.minute.acrossTenants.deleteMany({ tenant_id: tenant, _id: ids });
  }
}
