import type { TenantId } from '../../common/tenant-id.js';

/** That somebody in a session called the others: who and when, by the participants' ids, so that no number is kept. */
export interface CallDoc {
  /** `cal_...`; also the name of its conference. */
  _id: string;
  tenant_id: TenantId;
  session_id: string;
  /** The provider's id of it; unique in the tenant. */
  ref: string;
  /** `par_...` */
  caller: string;
  callees: readonly string[];
  started_at: Date;
  ended_at?: Date;
  seconds?: number;
}
