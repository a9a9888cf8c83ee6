import type { TenantId } from '../../common/tenant-id.js';

/** Somebody who was sent an SMS by `/smss`: a number. The messages to it are found by it. */
export interface ClientDoc {
  _id: string;
  tenant_id: TenantId;
  /** E.164. */
  contact: string;
  messages: number;
  last_message_id: string;
  last_message_at: Date;
  created_at: Date;
}

export function showClient({ _id, tenant_id: _tenant, ...rest }: ClientDoc) {
  return { id: _id, ...rest };
}
