import type { TenantId } from '../common/tenant-id.js';
import type { PushTarget } from '../domain/push-target.js';

/** A device or browser that takes pushes. */
export interface PushTokenDoc {
  _id: string;
  tenant_id: TenantId;
  kind: Exclude<PushTarget['kind'], 'topic'>;
  /** What the provider calls it; one row each. */
  value: string;
  /** Whose device it is, where that is known. */
  person_id?: string;
  /** The provider doesn't know it any more; nothing is sent to it until it is registered again. */
  dead?: { code: string; at: Date };
  created_at: Date;
  seen_at: Date;
}
