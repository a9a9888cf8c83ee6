import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { RequestDoc } from './request.js';

/** What a conflict needs to know of the request that owns a fingerprint. */
export type OwnerState = Pick<RequestDoc, '_id' | 'tombstone' | 'expanded'>;

@Injectable()
export class RequestsRepository {
  private readonly requests: TenantCollection<RequestDoc>;
  readonly old: OldRows<RequestDoc>;

  /** The embedded store belongs to one process; a MongoDB may serve several. */
  readonly haveOneGateway: boolean;

  constructor(@InjectStore() store: Store) {
    this.haveOneGateway = store.kind === 'embedded';
    this.requests = new TenantCollection(store.collection<RequestDoc>('sms_requests'));
    this.old = new OldRows(this.requests, 'req');
  }

  /** The commit. @throws DuplicateKeyError when somebody took this request for dead. */
  insert(request: RequestDoc): Promise<void> {
    return this.requests.insertOne(request.tenant_id, request);
  }

  /** Makes a commit of this id impossible from now on; does nothing when it has happened already. */
  async tombstone(tenant: TenantId, id: string, now: Date, purgeAt: Date): Promise<void> {
    const tombstone = {
      _id: id,
      tenant_id: tenant,
      tombstone: true,
      expanded: true,
      created_at: now,
      purge_at: purgeAt,
    };
    await this.requests.acrossTenants.insertMany([tombstone as RequestDoc]);
  }

  byId(tenant: TenantId, id: string): Promise<RequestDoc | null> {
    return this.requests.findOne(tenant, { _id: id });
  }

  async states(tenant: TenantId, ids: readonly string[]): Promise<Map<string, OwnerState>> {
    const found = await this.requests.find(tenant, { _id: { $in: ids } }, { fields: ['tombstone', 'expanded'] });
    return new Map(found.map((request) => [request._id, request]));
  }

  list(
    tenant: TenantId,
    clientId: string | undefined,
    limit: number,
    skip: number,
    before?: string,
  ): Promise<RequestDoc[]> {
    const where = {
      tombstone: null,
      ...(clientId ? { client_id: clientId } : {}),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.requests.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }

  async markExpanded(tenant: TenantId, id: string): Promise<void> {
    await this.requests.updateOne(
      tenant,
      { _id: id },
      { $set: { expanded: true }, $unset: { recipients: '', content: '', variables: '' } },
    );
  }

  /** Across tenants, for recovery: committed and not expanded. */
  unexpanded(limit: number): Promise<RequestDoc[]> {
    return this.requests.acrossTenants.find({ expanded: false }, { sort: { _id: 1 }, limit });
  }
}
