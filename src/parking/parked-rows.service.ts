import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { forbidden, notFound } from '../common/errors.js';
import { cursorId, listOf } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import { TenantsService } from '../tenants/tenants.service.js';
import type { ListParkedQuery } from './dto/list-parked.query.js';
import { ParkedRepository } from './parked.repository.js';
import { Parking } from './parking.js';

/** What an administrator sees of parked rows, and does about them. */
@Injectable()
export class ParkedRowsService {
  constructor(
    private readonly repository: ParkedRepository,
    private readonly parking: Parking,
    private readonly tenants: TenantsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws ApiError 403 where somebody else than a platform administrator asks for all tenants'. */
  async list(caller: User, query: ListParkedQuery) {
    if (query.all_tenants && caller.role !== 'platform_admin')
      throw forbidden('all_tenants is for platform administrators.');
    const tenant = query.all_tenants ? null : caller.tenant;
    const rows = await this.repository.list(tenant, query.limit, query.skip, cursorId(query));
    const slugs = await this.slugsOf(rows.map(({ tenant_id }) => tenant_id));
    return listOf(rows, query, ({ _id, kind, tenant_id, since, reason }) => ({
      id: _id,
      kind,
      tenant: slugs.get(tenant_id)!,
      since,
      reason,
    }));
  }

  /** @throws ApiError 404 */
  async retry(caller: User, id: string) {
    const parked = await this.repository.byId(caller.tenant, id);
    if (!parked) throw notFound('parked', id);
    await this.parking.letGo(parked);
    await this.audit.record(caller, 'RETRY_PARKED', { kind: parked.kind, id });
    return { status: 'ok' };
  }

  private async slugsOf(ids: readonly TenantId[]): Promise<Map<TenantId, string>> {
    const known = [...new Set(ids)];
    const slugs = await Promise.all(known.map(async (id) => (await this.tenants.get(id)).slug));
    return new Map(known.map((id, i) => [id, slugs[i]!]));
  }
}
