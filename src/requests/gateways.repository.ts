import { Injectable } from '@nestjs/common';
import type { Collection, Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';

interface GatewayDoc {
  _id: string;
  beaten_at: Date;
  purge_at: Date;
}

/** When each gateway of the store last said that it lives. */
@Injectable()
export class GatewaysRepository {
  private readonly gateways: Collection<GatewayDoc>;

  constructor(@InjectStore() store: Store) {
    this.gateways = store.collection<GatewayDoc>('gateways');
  }

  async beat(gateway: string, at: Date, purgeAt: Date): Promise<void> {
    const set = { beaten_at: at, purge_at: purgeAt };
    await this.gateways.updateOne({ _id: gateway }, { $set: set }, { upsert: true });
  }

  async lastBeat(gateway: string): Promise<Date | undefined> {
    return (await this.gateways.findOne({ _id: gateway }))?.beaten_at;
  }
}
