import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import type { Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import { MOST_TRIES, type ConfirmationDoc } from './confirmation.js';

@Injectable()
export class ConfirmationsRepository {
  private readonly confirmations: TenantCollection<ConfirmationDoc>;

  constructor(@InjectStore() store: Store) {
    this.confirmations = new TenantCollection(store.collection<ConfirmationDoc>('confirmations'));
  }

  insert(confirmation: ConfirmationDoc): Promise<void> {
    return this.confirmations.insertOne(confirmation.tenant_id, confirmation);
  }

  newest(tenant: TenantId, subject: string): Promise<ConfirmationDoc | null> {
    return this.confirmations.findOne(tenant, { subject }, { sort: { _id: -1 } });
  }

  /** Across tenants: a link names only its token. */
  byToken(token_hash: string): Promise<ConfirmationDoc | null> {
    return this.confirmations.acrossTenants.findOne({ token_hash });
  }

  /** False when as many codes as may be were tried, of however many at the same moment. */
  async takeTry({ tenant_id, _id }: ConfirmationDoc): Promise<boolean> {
    const where = { _id, tries: { $lt: MOST_TRIES } };
    return (await this.confirmations.updateOne(tenant_id, where, { $inc: { tries: 1 } })).matched === 1;
  }

  /** True for one caller alone. */
  async use({ tenant_id, _id }: ConfirmationDoc): Promise<boolean> {
    return (await this.confirmations.deleteOne(tenant_id, { _id })).deleted === 1;
  }
}
