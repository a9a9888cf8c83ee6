import type { TenantId } from '../common/tenant-id.js';

export interface TenantDoc {
  _id: TenantId;
  slug: string;
  name: string;
  created_at: Date;
  updated_at: Date;
}

export const DEFAULT_TENANT = 'default';

export function showTenant(tenant: TenantDoc) {
  const { _id, ...rest } = tenant;
  return { id: _id, ...rest };
}
