import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { TnDoc } from './tn.js';

export type NewTn = Pick<TnDoc, 'number' | 'owner' | 'channels' | 'mode'>;
/** A number with how many open sessions use it. `sessionId`: of an exclusive one, the session that has it. */
export type TnInUse = TnDoc & { sessions: number; sessionId: string | null };

/** The tenant's numbers. */
@Injectable()
export class Pool {
  /** False when the tenant has the number already. */
  async add(_tenant: TenantId, _tn: NewTn): Promise<boolean> {
    throw new Error('not built');
  }

  async list(_tenant: TenantId): Promise<TnInUse[]> {
    return [];
  }

  /** Marks it first and looks again, so that no session takes it meanwhile. `used`: the id of an open session that has it. */
  async remove(_tenant: TenantId, _number: string): Promise<'removed' | 'unknown' | { used: string }> {
    return 'unknown';
  }
}
