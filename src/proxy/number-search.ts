import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import type { NewSession } from './new-session.js';
import { chooseEach, chooseOne, claimsOf, type Chosen } from './number-choice.js';
import { SessionsRepository } from './sessions.repository.js';
import { TnsRepository } from './tns.repository.js';

/** Finds numbers for a session in the pool as it is now. It reserves nothing: the store refuses a session whose numbers were taken since. */
@Injectable()
export class NumberSearch {
  constructor(
    private readonly tns: TnsRepository,
    private readonly sessions: SessionsRepository,
  ) {}

  async choose(tenant: TenantId, { participants, numbers }: NewSession): Promise<Chosen> {
    const [all, before] = await Promise.all([
      this.tns.all(tenant),
      this.before(
        tenant,
        participants.map(({ address }) => address),
      ),
    ]);
    const pool = all.filter(({ removing_at }) => !removing_at);
    const seekers = participants.map(({ address, channel }) => ({
      address,
      channel,
      before: before.get(address) ?? null,
    }));
    const taken = await this.sessions.taken(tenant, claimsOf(pool, seekers));
    return numbers === 'one' ? chooseOne(pool, seekers, taken) : chooseEach(pool, seekers, taken);
  }

  async ownAmong(tenant: TenantId, addresses: readonly string[]): Promise<Set<string>> {
    return new Set((await this.tns.byNumbers(tenant, addresses)).map(({ number }) => number));
  }

  /** False when one of them is being removed, or is gone. */
  async areThere(tenant: TenantId, numbers: readonly string[]): Promise<boolean> {
    const found = await this.tns.byNumbers(tenant, numbers);
    return found.length === numbers.length && found.every(({ removing_at }) => !removing_at);
  }

  /** The numbers that the same people had when they were last in a session together, as far as that was the first one's last. */
  private async before(tenant: TenantId, addresses: readonly string[]): Promise<Map<string, string>> {
    const [last] = await this.sessions.ofAddress(tenant, addresses[0]!, 'closed', 1);
    const had = new Map(last?.participants.map(({ address, tn }) => [address, tn]));
    return addresses.every((address) => had.has(address)) ? had : new Map();
  }
}
