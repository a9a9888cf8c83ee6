import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { callCountId } from './counter-ids.js';

interface CallCountDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'calls';
  day: string;
  /** By what became of them. */
  counts: Record<string, number>;
  purge_at: Date;
}

const KEEP_DAYS = 8;

/** How many calls to a carrier of one UTC day ended how. For people to look at: a crash may lose the last seconds of it. */
@Injectable()
export class CallCountsRepository {
  private readonly counters: Collection<CallCountDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<CallCountDoc>('counters');
  }

  async get(tenant: TenantId, carrier: string, day: string): Promise<Readonly<Record<string, number>>> {
    return (await this.counters.findOne({ _id: callCountId(tenant, carrier, day) }))?.counts ?? {};
  }

  async add(tenant: TenantId, carrier: string, day: string, counts: Readonly<Record<string, number>>, now: Date) {
    const $inc = Object.fromEntries(Object.entries(counts).map(([outcome, count]) => [`counts.${outcome}`, count]));
    await this.counters.updateOne(
      { _id: callCountId(tenant, carrier, day) },
      {
        $inc,
        $setOnInsert: { tenant_id: tenant, kind: 'calls', day, purge_at: later(now, KEEP_DAYS * DAY_MILLIS) },
      },
      { upsert: true },
    );
  }
}
