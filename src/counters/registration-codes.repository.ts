import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

export interface RegistrationCodeDoc {
  /** `code:` and a hash of it. */
  _id: string;
  tenant_id: TenantId;
  kind: 'code';
  /** What the phone is called and which group it joins. */
  label: string | null;
  group: string | null;
  issued_by: string;
  expires_at: Date;
  used_at: Date | null;
  /** The phone that it was used for. */
  agent_id?: string;
  purge_at: Date;
}

/** Codes with each of which one new phone registers. Unique in the installation: a phone names no tenant. */
@Injectable()
export class RegistrationCodesRepository {
  private readonly codes: Collection<RegistrationCodeDoc>;

  constructor(@InjectStore() store: Store) {
    this.codes = store.collection<RegistrationCodeDoc>('counters');
  }

  /** Returns false when there is such a code. */
  async insert(code: RegistrationCodeDoc): Promise<boolean> {
    return (await this.codes.insertMany([code])).duplicates.length === 0;
  }

  /** Null: there is none that is open. */
  use(id: string, agentId: string, now: Date): Promise<RegistrationCodeDoc | null> {
    const open = { _id: id, kind: 'code', used_at: null, expires_at: { $gt: now } } as const;
    return this.codes.findOneAndUpdate(open, { $set: { used_at: now, agent_id: agentId } });
  }

  byId(id: string): Promise<RegistrationCodeDoc | null> {
    return this.codes.findOne({ _id: id, kind: 'code' });
  }
}
