import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';
import { dailyCounterId } from '../domain/daily-limit.js';

interface CounterDoc {
  _id: string;
  tenant_id: TenantId;
  used: number;
}

/** Reads what acceptance counts. */
@Injectable()
export class DailyUsageRepository {
  private readonly counters: TenantCollection<CounterDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = new TenantCollection(store.collection<CounterDoc>('counters'));
  }

  /** Messages of a UTC day by key; a key that sent none is absent. */
  async ofDay(tenant: TenantId, keyIds: readonly string[], day: string): Promise<Map<string, number>> {
    const ids = new Map(keyIds.map((id) => [dailyCounterId(id, day), id]));
    const found = await this.counters.find(tenant, { _id: { $in: [...ids.keys()] } }, { fields: ['used'] });
    return new Map(found.map(({ _id, used }) => [ids.get(_id)!, used]));
  }
}
