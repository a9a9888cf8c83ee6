import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { NewTn } from './pool.js';
import { present, wholeClaim, type SessionDoc } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { simOf, type TnDoc } from './tn.js';
import { TnsRepository } from './tns.repository.js';

/** What can be changed of a number of the pool. */
export type TnChange = Partial<Pick<NewTn, 'owner' | 'channels' | 'mode'>>;

export type TnChanged =
  | { changed: TnDoc }
  /** The session for which it has to stay as it is. */
  | { used: string; field: keyof TnChange }
  /** `busy`: somebody else is removing or changing it. `sim taken`: another number has the SIM. */
  | 'unknown'
  | 'busy'
  | 'sim taken';

/** Changes numbers under the sessions that use them: holds the number first, so that no session takes it meanwhile, and looks then. */
@Injectable()
export class TnChanges {
  constructor(
    private readonly tns: TnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  /** Only while it is as it was `seen`. */
  async change(seen: TnDoc, change: TnChange): Promise<TnChanged> {
    const held = await this.tns.hold(seen, this.clock.now());
    if (!held) return (await this.tns.byNumber(seen.tenant_id, seen.number)) ? 'busy' : 'unknown';
    try {
      const hindrance = await this.hindrance(held, change);
      return hindrance ?? (await this.write(held, change));
    } finally {
      // Nothing is to let go of once it's written.
      await this.tns.letGo(held);
    }
  }

  private async hindrance(held: TnDoc, { owner = held.owner, channels = held.channels, mode = held.mode }: TnChange) {
    const { tenant_id: tenant, number } = held;
    const gone = held.channels.filter((channel) => !channels.includes(channel));
    const isMoved = simOrCarrier(owner) !== simOrCarrier(held.owner);
    let sessions = 0;
    for await (const session of this.sessions.eachUsing(tenant, number)) {
      const used = session._id;
      sessions++;
      if (isMoved) return { used, field: 'owner' as const };
      if (sessions > 1 && mode === 'exclusive') return { used, field: 'mode' as const };
      // Everybody in a session may call.
      const isIn = (channel: string) => present(session).some((one) => one.tn === number && one.channel === channel);
      if (gone.some((channel) => channel === 'voice' || isIn(channel))) return { used, field: 'channels' as const };
      if (gone.length === 0 && mode !== 'exclusive') break;
    }
    return null;
  }

  private async write(held: TnDoc, change: TnChange): Promise<TnChanged> {
    const { owner, channels, mode } = { ...held, ...change };
    const sim = 'agent_id' in owner ? simOf(owner.agent_id, owner.sim_slot) : undefined;
    // The one session that uses it has all of it from now on, before another may take all of it.
    if (mode === 'exclusive' && held.mode === 'shared') await this.claimWhole(held, true);
    const changed = await this.tns.change(held, { owner, channels, mode, ...(sim ? { sim } : {}) });
    if (!changed) return (await this.tns.byNumber(held.tenant_id, held.number)) ? 'sim taken' : 'unknown';
    if (mode === 'shared' && held.mode === 'exclusive') await this.claimWhole(held, false);
    return { changed };
  }

  /** Where a gateway dies before the claim is given up, nobody else gets the number until that session ends. */
  private async claimWhole({ tenant_id: tenant, number }: TnDoc, wanted: boolean): Promise<void> {
    const claim = wholeClaim(number);
    for await (const session of this.sessions.eachUsing(tenant, number)) {
      let seen: SessionDoc | null = session;
      while (seen?.claims && seen.claims.includes(claim) !== wanted) {
        const claims = wanted ? [...seen.claims, claim] : seen.claims.filter((one) => one !== claim);
        const changed: SessionDoc | null = await this.sessions.change(seen, { $set: { claims } });
        seen = changed ?? (await this.sessions.byId(tenant, session._id));
      }
    }
  }
}

function simOrCarrier(owner: TnDoc['owner']): string {
  return 'carrier' in owner ? owner.carrier : simOf(owner.agent_id, owner.sim_slot);
}
