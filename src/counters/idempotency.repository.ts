import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';

export interface IdempotencyDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'idempotency';
  request_id: string;
  /** Which gateway accepts it; absent in documents of earlier versions. */
  gateway?: string;
  body_hash: string;
  at: Date;
  purge_at: Date;
}

/** Which request an Idempotency-Key stands for; its `_id` is tenant, principal and the key's hash. */
@Injectable()
export class IdempotencyRepository {
  private readonly keys: Collection<IdempotencyDoc>;

  constructor(@InjectStore() store: Store) {
    this.keys = store.collection<IdempotencyDoc>('counters');
  }

  /** False when the key is taken. */
  async take(claim: IdempotencyDoc): Promise<boolean> {
    return (await this.keys.insertMany([claim])).duplicates.length === 0;
  }

  get(id: string): Promise<IdempotencyDoc | null> {
    return this.keys.findOne({ _id: id });
  }

  /** From a request that came to nothing; false when somebody else was faster. */
  async takeOver(seen: IdempotencyDoc, { _id, ...mine }: IdempotencyDoc): Promise<boolean> {
    return (await this.keys.updateOne({ _id, request_id: seen.request_id }, { $set: mine })).matched === 1;
  }

  /** Refusals are not kept. */
  async release(id: string, requestId: string): Promise<void> {
    await this.keys.deleteOne({ _id: id, request_id: requestId });
  }
}
