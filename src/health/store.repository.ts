import { Injectable } from '@nestjs/common';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

@Injectable()
export class StoreRepository {
  constructor(@InjectStore() private readonly store: Store) {}

  get kind(): Store['kind'] {
    return this.store.kind;
  }
  /** @throws when the store can't answer. */
  ping(): Promise<void> {
    return this.store.ping();
  }
}
