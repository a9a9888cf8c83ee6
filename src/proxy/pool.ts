import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { SessionsRepository } from './sessions.repository.js';
import { simOf, type TnDoc } from './tn.js';
import { TnsRepository } from './tns.repository.js';

export type NewTn = Pick<TnDoc, 'number' | 'owner' | 'channels' | 'mode'>;
/** A number with how many open sessions use it. `sessionId`: of an exclusive one, the session that has it. */
export type TnInUse = TnDoc & { sessions: number; sessionId: string | null };

/** The tenant's numbers. */
@Injectable()
export class Pool {
  constructor(
    private readonly tns: TnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  /** False when the tenant has the number already, or another one for the same SIM. */
  add(tenant: TenantId, tn: NewTn): Promise<boolean> {
    const { owner } = tn;
    return this.tns.insertNew({
      _id: newId('vtn'),
      tenant_id: tenant,
      ...tn,
      ...('agent_id' in owner ? { sim: simOf(owner.agent_id, owner.sim_slot) } : {}),
      created_at: this.clock.now(),
    });
  }

  async list(tenant: TenantId): Promise<TnInUse[]> {
    const tns = await this.tns.all(tenant);
    return Promise.all(
      tns.map(async (tn) => {
        const sessions = await this.sessions.countUsing(tenant, tn.number);
        const one = tn.mode === 'exclusive' && sessions > 0;
        return { ...tn, sessions, sessionId: one ? await this.sessions.using(tenant, tn.number) : null };
      }),
    );
  }

  /** Marks it first and looks again, so that no session takes it meanwhile. `used`: the id of an open session that has it. */
  async remove(tenant: TenantId, number: string): Promise<'removed' | 'unknown' | { used: string }> {
    const marked = await this.tns.mark(tenant, number, this.clock.now());
    if (!marked) return 'unknown';
    const used = await this.sessions.using(tenant, number);
    if (used) {
      await this.tns.unmark(marked);
      return { used };
    }
    // Somebody else who has marked it since removes it.
    await this.tns.remove(marked);
    return 'removed';
  }
}
