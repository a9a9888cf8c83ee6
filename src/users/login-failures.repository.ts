import { Injectable } from '@nestjs/common';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';

interface LoginFailuresDoc {
  _id: string;
  kind: 'login';
  failed: number;
  purge_at: Date;
}

@Injectable()
export class LoginFailuresRepository {
  private readonly counters: Collection<LoginFailuresDoc>;

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<LoginFailuresDoc>('counters');
  }

  async count(key: string): Promise<number> {
    return (await this.counters.findOne({ _id: key }))?.failed ?? 0;
  }

  async add(key: string, purgeAt: Date): Promise<void> {
    await this.counters.insertMany([{ _id: key, kind: 'login', failed: 0, purge_at: purgeAt }]);
    await this.counters.updateOne({ _id: key }, { $inc: { failed: 1 } });
  }
}
