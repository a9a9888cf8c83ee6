import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { DuplicateKeyError } from '../database/query.js';
import type { HourCount } from '../domain/destination-growth.js';
import { DAY_MILLIS, HOUR_MILLIS, later, utcDay } from '../domain/time.js';
import { destinationCountId } from './counter-ids.js';

interface DestinationCountDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'abroad';
  day: string;
  /** By hour and destination without its plus: `07_4479`. */
  sent: Record<string, number>;
  purge_at: Date;
}

/** A week is compared with the day after it. */
const KEEP_DAYS = 9;

/** How many texts a tenant sends abroad, by hour and destination: one small document a day. */
@Injectable()
export class DestinationCountsRepository {
  private readonly counters: Collection<DestinationCountDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<DestinationCountDoc>('counters');
  }

  async add(tenant: TenantId, counts: ReadonlyMap<string, number>, now: Date): Promise<void> {
    const day = utcDay(now);
    const hour = now.toISOString().slice(11, 13);
    const add = () =>
      this.counters.updateOne(
        { _id: destinationCountId(tenant, day) },
        {
          $inc: Object.fromEntries([...counts].map(([to, n]) => [`sent.${hour}_${to.slice(1)}`, n])),
          $setOnInsert: { tenant_id: tenant, kind: 'abroad', day, purge_at: later(now, KEEP_DAYS * DAY_MILLIS) },
        },
        { upsert: true },
      );
    try {
      await add();
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      await add(); // another request has made it
    }
  }

  /** Tenants that have sent abroad on one of the days, after this place. */
  async tenants(days: readonly string[], after: string | undefined, limit: number) {
    const where = { kind: 'abroad', day: { $in: days }, ...(after ? { _id: { $gt: after } } : {}) } as const;
    const found = await this.counters.find(where, { sort: { _id: 1 }, limit, fields: ['tenant_id'] });
    return found.map(({ _id, tenant_id }) => ({ place: _id, tenant: tenant_id }));
  }

  async ofTenant(tenant: TenantId, days: readonly string[]): Promise<HourCount[]> {
    const found = await this.counters.find({ _id: { $in: days.map((day) => destinationCountId(tenant, day)) } });
    return found.flatMap(({ day, sent }) =>
      Object.entries(sent).map(([key, n]) => {
        const [hour, to] = key.split('_');
        return { at: new Date(Date.parse(day) + Number(hour) * HOUR_MILLIS), destination: `+${to}`, n };
      }),
    );
  }
}
