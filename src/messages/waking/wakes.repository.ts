import { Injectable } from '@nestjs/common';
import type { Collection, Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';

/** Queues with new messages, written by one gateway for the others. Removed after a minute. */
export interface WakeDoc {
  _id: string;
  gateway: string;
  queues: string[];
  at: Date;
}

/** Across tenants: a queue's key begins with its tenant, and a gateway serves all of them. */
@Injectable()
export class WakesRepository {
  private readonly wakes: Collection<WakeDoc>;

  constructor(@InjectStore() private readonly store: Store) {
    this.wakes = store.collection<WakeDoc>('wakes');
  }

  /** Whether other gateways may use the same data. */
  get isShared(): boolean {
    return this.store.kind === 'mongo';
  }

  insert(wake: WakeDoc): Promise<void> {
    return this.wakes.insertOne(wake);
  }

  toldBySomebodyElse(self: string, since: Date): Promise<WakeDoc[]> {
    return this.wakes.find({ at: { $gte: since }, gateway: { $ne: self } });
  }

  /** Returns the function that ends it. @throws the server's error when it doesn't support change streams. */
  async watch(seen: (wake: WakeDoc) => void, ended: (error: Error) => void): Promise<() => Promise<void>> {
    if (!this.store.watch) throw new Error('this store does not support change streams');
    const watching = await this.store.watch<WakeDoc>(this.wakes.name, seen, ended);
    return () => watching.close();
  }
}
