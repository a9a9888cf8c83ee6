import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

export interface SerialDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'serial';
  last: number;
}

/** Numbers a tenant's rows 1, 2, 3, for callers that want whole numbers for ids. A number whose row then isn't stored is left out. */
@Injectable()
export class SerialsRepository {
  private readonly counters: Collection<SerialDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<SerialDoc>('counters');
  }

  async next(tenant: TenantId, series: string): Promise<number> {
    const _id = `serial:${tenant}:${series}`;
    const update = { $inc: { last: 1 } };
    const first = { _id, tenant_id: tenant, kind: 'serial', last: 0 } as const;
    for (;;) {
      const counted = await this.counters.findOneAndUpdate({ _id, tenant_id: tenant }, update);
      if (counted) return counted.last;
      await this.counters.insertMany([first]);
    }
  }
}
