import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import { NO_USE, type BudgetUse } from '../domain/agent-budget.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { paceId } from './counter-ids.js';

interface PaceDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'pace';
  rev: number;
  use: BudgetUse;
  /** Absent in documents of earlier versions, until the phone leases again. */
  purge_at?: Date;
}

/** Longer than any lease, and longer than the day to which daily caps apply. */
const KEEP_DAYS = 8;

/** What each agent has leased recently: one small document per agent, changed by compare-and-set; expires when the agent stops leasing. */
@Injectable()
export class PaceRepository {
  private readonly counters: Collection<PaceDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<PaceDoc>('counters');
  }

  async get(agentId: string): Promise<{ rev: number; use: BudgetUse }> {
    return (await this.counters.findOne({ _id: paceId(agentId) })) ?? { rev: 0, use: NO_USE };
  }

  /** Returns false when another claim has changed it since it was read. */
  async replace(tenant: TenantId, agentId: string, seenRev: number, use: BudgetUse, now: Date): Promise<boolean> {
    const _id = paceId(agentId);
    const set = { rev: seenRev + 1, use, purge_at: later(now, KEEP_DAYS * DAY_MILLIS) };
    if (seenRev === 0) {
      const { duplicates } = await this.counters.insertMany([{ _id, tenant_id: tenant, kind: 'pace', ...set }]);
      return duplicates.length === 0;
    }
    return (await this.counters.updateOne({ _id, rev: seenRev }, { $set: set })).matched === 1;
  }
}
