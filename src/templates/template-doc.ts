import type { TenantId } from '../common/tenant-id.js';

export interface TemplateDoc {
  _id: string;
  tenant_id: TenantId;
  name: string;
  content: string;
  /** Sorted, unique. */
  variables: string[];
  is_approved: boolean;
  approved_at: Date | null;
  approved_by: string | null;
  /** Raised by every change of the content, so that nobody approves a text they have not seen. */
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export function showTemplate(template: TemplateDoc) {
  const { _id, tenant_id: _tenant, ...rest } = template;
  return { id: _id, ...rest };
}
