import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import { bucketId } from '../../domain/count-bucket.js';

/** A minute whose messages are about to change or have changed: its counts may be out of date. */
export interface MinuteMark {
  /** `bucketId` of the minute. */
  _id: string;
  tenant_id: TenantId;
  at: Date;
  marked_at: Date;
}

@Injectable()
export class MinuteMarksRepository {
  private readonly marks: TenantCollection<MinuteMark>;

  constructor(@InjectStore() store: Store) {
    this.marks = new TenantCollection(store.collection<MinuteMark>('report_marks'));
  }

  /** Makes sure that each minute has a mark of this time or later. */
  async mark(minutes: readonly { tenant: TenantId; at: Date }[], now: Date): Promise<void> {
    let left = minutes.map(({ tenant, at }) => ({ _id: bucketId(tenant, at), tenant_id: tenant, at, marked_at: now }));
    while (left.length > 0) {
      const { duplicates } = await this.marks.acrossTenants.insertMany(left);
      const there = duplicates.map((position) => left[position]!);
      if (there.length === 0) return;
      const { matched } = await this.marks.acrossTenants.updateEach(
        there.map(({ _id }) => ({ filter: { _id }, update: { $max: { marked_at: now } } })),
      );
      // A mark that was removed in between must be made again.
      left = there.filter((_, i) => !matched[i]);
    }
  }

  /** Across tenants, for the worker: the oldest marks first. */
  oldest(limit: number): Promise<MinuteMark[]> {
    return this.marks.acrossTenants.find({}, { sort: { marked_at: 1 }, limit });
  }

  /** Newest minutes first; `from` is included, `to` is not. */
  within(tenant: TenantId, from: Date, to: Date, limit: number): Promise<MinuteMark[]> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    return this.marks.find(tenant, { _id: ids }, { sort: { _id: -1 }, limit });
  }

  /** The oldest marked minute of the range; null when there is none. */
  async oldestWithin(tenant: TenantId, from: Date, to: Date): Promise<Date | null> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    return (await this.marks.findOne(tenant, { _id: ids }, { sort: { _id: 1 } }))?.at ?? null;
  }

  /** Removes a mark only if the minute wasn't marked again. */
  async remove(mark: MinuteMark): Promise<void> {
    await this.marks.deleteOne(mark.tenant_id, { _id: mark._id, marked_at: mark.marked_at });
  }
}
