import { createHash } from 'node:crypto';
import { idTime } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';

/** A text from somebody in no session, which waits until the tenant's hook was asked; gone as soon as it's answered or passed on. */
export interface UnknownTextDoc {
  /** Of the received text, which has all the rest. */
  _id: string;
  tenant_id: TenantId;
  /** The number that was written to. */
  tn: string;
  /** `<tn>|<address>`: the texts of one side are handled in their order. */
  side: string;
  /** How often the hook has failed. */
  tries: number;
  /** When a gateway takes it; while one is at it, when that one must have died. */
  due_at: Date;
}

/** The session that the hook opens because of a text: the same, however often it's tried. */
export function sessionIdFor(textId: string): string {
  const time = idTime(textId).getTime().toString(16).padStart(12, '0');
  return time + createHash('sha256').update(textId).digest('hex').slice(0, 20);
}
