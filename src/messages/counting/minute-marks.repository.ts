import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import { bucketId } from '../../domain/count-bucket.js';

/** A minute whose messages are about to change or did: what the reports know of it may be out of date. */
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

  /** Leaves a mark of this time, or a later one, for each minute. */
  async mark(minutes: readonly { tenant: TenantId; at: Date }[], now: Date): Promise<void> {
    let left = minutes.map(({ tenant, at }) => ({ _id: bucketId(tenant, at), tenant_id: tenant, at, marked_at: now }));
    while (left.length > 0) {
      const { duplicates } = await this.marks.acrossTenants.insertMany(left);
      const there = duplicates.map((position) => left[position]!);
      if (there.length === 0) return;
      const { matched } = await this.marks.acrossTenants.updateEach(
        there.map(({ _id }) => ({ filter: { _id }, update: { $max: { marked_at: now } } })),
      );
      // A mark that was worked off in between has to be left anew.
      left = there.filter((_, i) => !matched[i]);
    }
  }

  /** Across tenants, for the worker: the ones longest untouched first. */
  oldest(limit: number): Promise<MinuteMark[]> {
    return this.marks.acrossTenants.find({}, { sort: { marked_at: 1 }, limit });
  }

  /** Newest minutes first: `from` is in it, `to` isn't. */
  within(tenant: TenantId, from: Date, to: Date, limit: number): Promise<MinuteMark[]> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    return this.marks.find(tenant, { _id: ids }, { sort: { _id: -1 }, limit });
  }

  /** The oldest minute of those; null when there is none. */
  async oldestWithin(tenant: TenantId, from: Date, to: Date): Promise<Date | null> {
    const ids = { $gte: bucketId(tenant, from), $lt: bucketId(tenant, to) };
    return (await this.marks.findOne(tenant, { _id: ids }, { sort: { _id: 1 } }))?.at ?? null;
  }

  /** Only while nobody has marked the minute again. */
  async remove(mark: MinuteMark): Promise<void> {
    await this.marks.deleteOne(mark.tenant_id, { _id: mark._id, marked_at: mark.marked_at });
  }
}
