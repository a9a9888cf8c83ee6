import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import { DuplicateKeyError } from '../database/query.js';

export interface DayCounterDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'limit';
  day: string;
  used: number;
  /** What requests on their way have taken, by request. */
  holds: Record<string, { n: number; at: Date }>;
  purge_at: Date;
}

const KEEP_DAYS = 8;

/** Messages of one submitter on one UTC day. Taken before anything else, given back by whoever undoes the request. */
@Injectable()
export class DailyLimitRepository {
  private readonly counters: Collection<DayCounterDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<DayCounterDoc>('counters');
  }

  counterId(clientId: string, day: string): string {
    return `limit:${clientId}:${day}`;
  }

  /** One conditional update; false when `n` more would exceed the limit. */
  async take(
    tenant: TenantId,
    clientId: string,
    day: string,
    limit: number,
    n: number,
    requestId: string,
    now: Date,
  ): Promise<boolean> {
    if (n > limit) return false;
    const _id = this.counterId(clientId, day);
    const update = {
      $inc: { used: n },
      $set: { [`holds.${requestId}`]: { n, at: now } },
      $setOnInsert: {
        tenant_id: tenant,
        kind: 'limit',
        day,
        purge_at: new Date(now.getTime() + KEEP_DAYS * 86_400_000),
      },
    };
    const filter = { _id, used: { $lte: limit - n } };
    if ((await this.counters.updateOne(filter, update)).matched === 1) return true;
    try {
      await this.counters.updateOne(filter, update, { upsert: true });
      return true;
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      // The day's counter exists. Either it is full, or another request made it just now.
      return (await this.counters.updateOne(filter, update)).matched === 1;
    }
  }

  /** Ends the hold and gives `back` of it back; nothing when the hold was ended before. */
  async settle(counterId: string, requestId: string, back: number): Promise<void> {
    const hold = `holds.${requestId}` as const;
    await this.counters.updateOne(
      { _id: counterId, [hold]: { $exists: true } },
      { $inc: { used: -back }, $unset: { [hold]: '' } },
    );
  }

  /** Across tenants, for recovery. */
  ofDays(days: readonly string[], after: string | undefined, limit: number): Promise<DayCounterDoc[]> {
    return this.counters.find(
      { kind: 'limit', day: { $in: days }, ...(after ? { _id: { $gt: after } } : {}) },
      { sort: { _id: 1 }, limit },
    );
  }
}
