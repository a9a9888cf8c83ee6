import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import { NO_USE, type BudgetUse } from '../domain/agent-budget.js';

interface PaceDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'pace';
  rev: number;
  use: BudgetUse;
}

/** What each agent has leased lately: one small document an agent, changed by compare-and-set. */
@Injectable()
export class PaceRepository {
  private readonly counters: Collection<PaceDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<PaceDoc>('counters');
  }

  async get(agentId: string): Promise<{ rev: number; use: BudgetUse }> {
    return (await this.counters.findOne({ _id: documentId(agentId) })) ?? { rev: 0, use: NO_USE };
  }

  /** False when somebody else changed it since it was read. */
  async replace(tenant: TenantId, agentId: string, seenRev: number, use: BudgetUse): Promise<boolean> {
    const _id = documentId(agentId);
    if (seenRev === 0) {
      const { duplicates } = await this.counters.insertMany([{ _id, tenant_id: tenant, kind: 'pace', rev: 1, use }]);
      return duplicates.length === 0;
    }
    return (await this.counters.updateOne({ _id, rev: seenRev }, { $set: { use, rev: seenRev + 1 } })).matched === 1;
  }
}

function documentId(agentId: string): string {
  return `pace:${agentId}`;
}
