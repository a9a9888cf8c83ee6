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

/** The request that an Idempotency-Key belongs to; the `_id` is tenant, principal and the key's hash. */
@Injectable()
export class IdempotencyRepository {
  private readonly keys: Collection<IdempotencyDoc>;

  constructor(@InjectStore() store: Store) {
    this.keys = store.collection<IdempotencyDoc>('counters');
  }

  /** Returns false when the key is taken. */
  async take(claim: IdempotencyDoc): Promise<boolean> {
    return (await this.keys.insertMany([claim])).duplicates.length === 0;
  }

  get(id: string): Promise<IdempotencyDoc | null> {
    return this.keys.findOne({ _id: id });
  }

  /** Takes the key over from a request that was never committed; false when another request was faster. */
  async takeOver(seen: IdempotencyDoc, { _id, ...mine }: IdempotencyDoc): Promise<boolean> {
    return (await this.keys.updateOne({ _id, request_id: seen.request_id }, { $set: mine })).matched === 1;
  }

  /** Removes the key of a refused request: refusals are not remembered. */
  async release(id: string, requestId: string): Promise<void> {
    await this.keys.deleteOne({ _id: id, request_id: requestId });
  }
}
