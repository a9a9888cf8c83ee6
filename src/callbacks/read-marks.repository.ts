import { Injectable } from '@nestjs/common';
import type { OpenAccount } from '../carriers/open-account.js';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { TenantCollection } from '../database/tenant-collection.js';

interface ReadMarkDoc {
  _id: string;
  tenant_id: TenantId;
  read_until: Date;
}

type Account = Pick<OpenAccount, 'tenant' | 'name' | 'accountId'>;

/** Until when the received texts of each account have been read from its provider's list. */
@Injectable()
export class ReadMarksRepository {
  private readonly marks: TenantCollection<ReadMarkDoc>;

  constructor(@InjectStore() store: Store) {
    this.marks = new TenantCollection(store.collection<ReadMarkDoc>('carrier_read_marks'));
  }

  /** Null for an account that is new here. */
  async get(account: Account): Promise<Date | null> {
    return (await this.marks.findOne(account.tenant, { _id: idOf(account) }))?.read_until ?? null;
  }

  async set(account: Account, readUntil: Date): Promise<void> {
    await this.marks.updateOne(
      account.tenant,
      { _id: idOf(account) },
      { $set: { read_until: readUntil } },
      { upsert: true },
    );
  }
}

function idOf({ tenant, name, accountId }: Account): string {
  return `${tenant}:${name}:${accountId}`;
}
