import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { Store } from '../database/collection.js';
import { InjectStore } from '../database/database.module.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { PushTokenDoc } from './push-token.js';

@Injectable()
export class PushTokensRepository {
  private readonly tokens: TenantCollection<PushTokenDoc>;

  constructor(@InjectStore() store: Store) {
    this.tokens = new TenantCollection(store.collection<PushTokenDoc>('push_tokens'));
  }

  /** What is there already stays as it is. */
  async insertMissing(tokens: readonly PushTokenDoc[]): Promise<void> {
    if (tokens.length > 0) await this.tokens.acrossTenants.insertMany(tokens);
  }

  byValues(tenant: TenantId, values: readonly string[]): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { value: { $in: values } });
  }

  /** They are nobody's then. */
  async untieAll(tenant: TenantId, person_id: string): Promise<void> {
    await this.tokens.acrossTenants.updateMany({ tenant_id: tenant, person_id }, { $unset: { person_id: '' } });
  }

  /** Those that take pushes. */
  ofPeople(tenant: TenantId, people: readonly string[]): Promise<PushTokenDoc[]> {
    return this.tokens.find(tenant, { person_id: { $in: people }, dead: { $exists: false } });
  }
}
