import { Injectable } from '@nestjs/common';
import type { Collection, Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { DuplicateKeyError } from '../../database/query.js';

interface ThrottleDoc {
  _id: string;
  taken: number;
  purge_at: Date;
}

/** One document for each key and window: how much of a limit the gateways of one MongoDB have taken. */
@Injectable()
export class ThrottleRepository {
  private readonly counts: Collection<ThrottleDoc>;
  /** Whether other gateways may use the same store. */
  readonly isShared: boolean;

  constructor(@InjectStore() store: Store) {
    this.counts = store.collection<ThrottleDoc>('throttle');
    this.isShared = store.kind === 'mongo';
  }

  async taken(_id: string): Promise<number> {
    return (await this.counts.findOne({ _id }, { fields: ['taken'] }))?.taken ?? 0;
  }

  /** Takes `n` more, even over the limit, and returns how many were taken before. */
  async take(_id: string, n: number, purgeAt: Date): Promise<number> {
    const add = () =>
      this.counts.findOneAndUpdate(
        { _id },
        { $inc: { taken: n }, $setOnInsert: { purge_at: purgeAt } },
        { upsert: true, returns: 'before' },
      );
    try {
      return (await add())?.taken ?? 0;
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      // Another gateway created it at the same moment.
      return (await add())?.taken ?? 0;
    }
  }
}
