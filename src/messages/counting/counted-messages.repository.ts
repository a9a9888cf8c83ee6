import { Injectable } from '@nestjs/common';
import { idsFrom } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';
import { InjectStore } from '../../database/database.module.js';
import type { Store } from '../../database/collection.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { MessageDoc } from '../message.js';
import { COUNTED_FIELDS, type CountedRow } from './count-cells.js';

/** Each page is a separate short query, so that reading a million rows delays no other call. */
const PAGE = 500;

/** Reads the messages themselves, with which every bucket must agree. */
@Injectable()
export class CountedMessagesRepository {
  private readonly messages: TenantCollection<MessageDoc>;

  constructor(@InjectStore() store: Store) {
    this.messages = new TenantCollection(store.collection<MessageDoc>('sms_messages'));
  }

  /** Messages accepted at `from` or later and before `to`, page by page. */
  async *within(tenant: TenantId, from: Date, to: Date): AsyncGenerator<CountedRow[]> {
    const before = idsFrom('msg', to);
    let ids: { $gte: string; $lt: string } | { $gt: string; $lt: string } = { $gte: idsFrom('msg', from), $lt: before };
    for (;;) {
      const page = await this.messages.find(
        tenant,
        { _id: ids },
        { sort: { _id: 1 }, limit: PAGE, fields: COUNTED_FIELDS },
      );
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      ids = { $gt: page.at(-1)!._id, $lt: before };
    }
  }

  /** The id of the first message of a range; null when there is none. */
  async first(tenant: TenantId, from: Date, to: Date): Promise<string | null> {
    const ids = { $gte: idsFrom('msg', from), $lt: idsFrom('msg', to) };
    return (await this.messages.findOne(tenant, { _id: ids }, { sort: { _id: 1 }, fields: ['_id'] }))?._id ?? null;
  }
}
