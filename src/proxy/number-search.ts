import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { NewParticipant, NewSession } from './new-session.js';
import { chooseEach, chooseOne, claimsOf, type Chosen } from './number-choice.js';
import { present, wholeClaim, type SessionDoc } from './session.js';
import { SessionsRepository } from './sessions.repository.js';
import { isThere, type TnDoc } from './tn.js';
import { TnsRepository } from './tns.repository.js';

/** Finds numbers for a session in the pool as it is now. It reserves nothing: the store refuses a session whose numbers were taken since. */
@Injectable()
export class NumberSearch {
  constructor(
    private readonly tns: TnsRepository,
    private readonly sessions: SessionsRepository,
  ) {}

  /** `joined`: the session that they are to join; what it has wholly is free for them. */
  async choose(
    tenant: TenantId,
    { participants, numbers }: Pick<NewSession, 'participants' | 'numbers'>,
    joined?: SessionDoc,
  ): Promise<Chosen> {
    const [all, before] = await Promise.all([this.tns.all(tenant), this.before(tenant, participants, joined)]);
    const pool = all.filter(isThere);
    const seekers = participants.map(({ address, channel, tn }) => ({
      address,
      channel,
      tn,
      before: before.get(address) ?? null,
    }));
    const taken = await this.sessions.taken(tenant, claimsOf(pool, seekers));
    for (const tn of joined?.tns ?? []) if (joined?.claims?.includes(wholeClaim(tn))) taken.delete(wholeClaim(tn));
    return numbers === 'one' ? chooseOne(pool, seekers, taken) : chooseEach(pool, seekers, taken);
  }

  async ownAmong(tenant: TenantId, addresses: readonly string[]): Promise<Set<string>> {
    return new Set((await this.tns.byNumbers(tenant, addresses)).map(({ number }) => number));
  }

  /** False when one of them is being removed or changed, is gone, or isn't any more as it was seen. */
  async areUnchanged(tenant: TenantId, seen: readonly TnDoc[]): Promise<boolean> {
    const numbers = seen.map(({ number }) => number);
    const found = new Map((await this.tns.byNumbers(tenant, numbers)).map((tn) => [tn.number, tn]));
    return seen.every(({ number, rev }) => {
      const now = found.get(number);
      return now !== undefined && isThere(now) && now.rev === rev;
    });
  }

  /**
   * The numbers that the same people had when they were last in a session together, as far as that was the first one's last. Who was in this
   * one before gets the number of then.
   */
  private async before(
    tenant: TenantId,
    people: readonly NewParticipant[],
    joined?: SessionDoc,
  ): Promise<Map<string, string>> {
    const addresses = [...people, ...(joined ? present(joined) : [])].map(({ address }) => address);
    const [last] = await this.sessions.ofAddress(tenant, addresses[0]!, 'closed', 1);
    const had = numbersOf(last);
    return new Map([...(addresses.every((address) => had.has(address)) ? had : []), ...numbersOf(joined)]);
  }
}

function numbersOf(session: SessionDoc | undefined): Map<string, string> {
  return new Map(session?.participants.map(({ address, tn }) => [address, tn]));
}
