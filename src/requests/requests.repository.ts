import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import { OldRows } from '../database/old-rows.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { Span } from '../domain/time.js';
import type { RequestDoc } from './request.js';

/** What a conflict needs to know of the request that owns a fingerprint. */
export type OwnerState = Pick<RequestDoc, '_id' | 'tombstone' | 'expanded'>;

const PAYLOAD = { recipients: '', content: '', variables: '' } as const;

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
    const unset = { ...PAYLOAD, parked: '' } as const;
    await this.requests.updateOne(tenant, { _id: id }, { $set: { expanded: true }, $unset: unset });
  }

  /** Across tenants, for recovery: committed and not expanded. */
  unexpanded(limit: number, after: string | undefined): Promise<RequestDoc[]> {
    const where = { expanded: false, parked: null, ...(after ? { _id: { $gt: after } } : {}) };
    return this.requests.acrossTenants.find(where, { sort: { _id: 1 }, limit });
  }

  async isUnexpanded(tenant: TenantId, id: string): Promise<boolean> {
    return (await this.requests.count(tenant, { _id: id, expanded: false })) > 0;
  }

  /** From recovery, or let go. */
  async setParked(tenant: TenantId, id: string, isParked: boolean): Promise<void> {
    const update = isParked ? { $set: { parked: true } } : { $unset: { parked: '' } as const };
    await this.requests.updateOne(tenant, { _id: id, expanded: false }, update);
  }

  firstUnexpanded(tenant: TenantId, span: Span): Promise<Date | null> {
    return this.old.first(tenant, span, { expanded: false });
  }

  /** Whether a request of the span may still be expanded into messages that can be sent. */
  isUnderWay(tenant: TenantId, span: Span, now: Date): Promise<boolean> {
    return this.old.has(tenant, span, { expanded: false, expires_at: { $gt: now } });
  }

  /** Takes the payload of what was never expanded, once all its messages would have expired. */
  blank(tenant: TenantId, span: Span, after: string | null, now: Date): Promise<string | null> {
    return this.old.batch(tenant, span, after, ['expanded', 'expires_at'], (page) => {
      const left = page.filter(({ expanded, expires_at }) => !expanded && expires_at <= now);
      return this.requests.acrossTenants.updateEach(
        left.map(({ _id }) => ({
          filter: { _id, tenant_id: tenant, expanded: false },
          update: { $set: { expanded: true, text_blanked_at: now }, $unset: PAYLOAD },
        })),
      );
    });
  }
}
