import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../common/tenant-id.js';
import type { Store } from '../../database/collection.js';
import { InjectStore } from '../../database/database.module.js';
import { DuplicateKeyError, type Update } from '../../database/query.js';
import { TenantCollection } from '../../database/tenant-collection.js';
import type { ClientDoc } from './client.js';

@Injectable()
export class ClientsRepository {
  private readonly clients: TenantCollection<ClientDoc>;

  constructor(@InjectStore() store: Store) {
    this.clients = new TenantCollection(store.collection<ClientDoc>('clients'));
  }

  /** False when there is none with this number. */
  async change(tenant: TenantId, contact: string, update: Update): Promise<boolean> {
    return (await this.clients.updateOne(tenant, { contact }, update)).matched === 1;
  }

  /** False when there is one with its number. */
  async insertNew(client: ClientDoc): Promise<boolean> {
    try {
      await this.clients.insertOne(client.tenant_id, client);
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** Newest first. */
  list(tenant: TenantId, limit: number, skip: number, before?: string): Promise<ClientDoc[]> {
    const filter = before === undefined ? {} : { _id: { $lt: before } };
    return this.clients.find(tenant, filter, { sort: { _id: -1 }, limit, skip });
  }

  async delete(tenant: TenantId, id: string): Promise<boolean> {
    return (await this.clients.deleteOne(tenant, { _id: id })).deleted === 1;
  }
}
