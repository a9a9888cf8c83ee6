import { Injectable } from '@nestjs/common';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { COLLECTIONS } from '../database/indexes.js';
import { refuseNewer } from '../database/migrations.js';
import { underSchemaLock } from '../database/schema-lock.js';

@Injectable()
export class IndexesRepository {
  constructor(@InjectStore() private readonly store: Store) {}

  /** Safe to repeat. Returns the sentence to print. */
  async apply(): Promise<string> {
    return applyAllIndexes(this.store);
  }
}

export async function applyAllIndexes(store: Store): Promise<string> {
  await refuseNewer(store);
  await underSchemaLock(store, () => store.applyIndexes(COLLECTIONS));
  return `The indexes of ${COLLECTIONS.length} collections are in place.`;
}
