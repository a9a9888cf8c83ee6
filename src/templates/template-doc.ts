import type { TenantId } from '../common/tenant-id.js';
import type { TextEncoding } from '../domain/gsm7.js';

export interface TemplateDoc {
  _id: string;
  tenant_id: TenantId;
  name: string;
  content: string;
  /** Absent in templates from before this field existed; then it is auto. */
  encoding?: TextEncoding;
  /** Its messages also go to those who have opted out: a code that they have just asked for. */
  ignores_opt_outs?: boolean;
  /** Sorted, unique. */
  variables: string[];
  is_approved: boolean;
  approved_at: Date | null;
  approved_by: string | null;
  /** Increases with every change of the content or encoding, so that nobody approves a text they have not seen. */
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export function showTemplate(template: TemplateDoc) {
  const { _id, tenant_id: _tenant, encoding = 'auto', ignores_opt_outs = false, ...rest } = template;
  return { id: _id, ...rest, encoding, ignores_opt_outs };
}
