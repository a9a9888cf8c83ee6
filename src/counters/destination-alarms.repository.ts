import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import type { Growth } from '../domain/destination-growth.js';
import { DAY_MILLIS, later, utcDay } from '../domain/time.js';
import { destinationAlarmId } from './counter-ids.js';

export interface DestinationAlarmDoc extends Growth {
  _id: string;
  tenant_id: TenantId;
  kind: 'abroad_alarm';
  day: string;
  since: Date;
  purge_at: Date;
}

const KEEP_DAYS = 3;

/** Alarms about destinations: one for each and day. */
@Injectable()
export class DestinationAlarmsRepository {
  private readonly counters: Collection<DestinationAlarmDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<DestinationAlarmDoc>('counters');
  }

  /** Returns whether it is new; one that is there gets the new numbers. */
  async raise(tenant: TenantId, growth: Growth, now: Date): Promise<boolean> {
    const day = utcDay(now);
    const _id = destinationAlarmId(tenant, day, growth.destination);
    const kept = { tenant_id: tenant, kind: 'abroad_alarm', day, since: now } as const;
    const alarm = { _id, ...kept, ...growth, purge_at: later(now, KEEP_DAYS * DAY_MILLIS) };
    if ((await this.counters.insertMany([alarm])).duplicates.length === 0) return true;
    await this.counters.updateOne({ _id }, { $set: { ...growth } });
    return false;
  }

  /** Oldest first. */
  ofTenant(tenant: TenantId, days: readonly string[]): Promise<DestinationAlarmDoc[]> {
    const where = { kind: 'abroad_alarm', day: { $in: days }, tenant_id: tenant } as const;
    return this.counters.find(where, { sort: { _id: 1 } });
  }
}
