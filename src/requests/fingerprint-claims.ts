import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../common/clock.js';
import { messageId } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { cameToNothing } from '../domain/expiry.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { PreparedRequest } from './prepared-request.js';
import { DeadRequests } from './dead-requests.js';
import { FingerprintsRepository, type FingerprintDoc } from './fingerprints.repository.js';
import { RequestsRepository, type OwnerState } from './requests.repository.js';

const LOOK_AGAIN_MILLIS = 20;
const CHUNK = 500;

export interface Claimed {
  /** Fingerprints that are this request's now: to be given up when it is not committed. */
  mine: string[];
  /** Places of the recipients whose text was sent lately. */
  duplicates: Set<number>;
  /** `again`: an older request is at work on one of the texts, so give up and start again. `busy`: it takes too long. */
  outcome: 'done' | 'again' | 'busy';
}

/**
 * Step 2 of acceptance: every text to every number belongs to one live message at a time. What nobody has is taken by insertion;
 * what somebody has is taken over only when that message came to nothing.
 */
@Injectable()
export class FingerprintClaims {
  constructor(
    private readonly fingerprints: FingerprintsRepository,
    private readonly requests: RequestsRepository,
    private readonly messages: MessagesRepository,
    private readonly dead: DeadRequests,
    private readonly clock: Clock,
  ) {}

  /** @param deadline of `performance.now()`, after which it is busy. @param optedOut places of recipients who get nothing. */
  async claim(
    prepared: PreparedRequest,
    deadline: number,
    optedOut: ReadonlySet<number> = new Set(),
  ): Promise<Claimed> {
    const claimed: Claimed = { mine: [], duplicates: new Set(), outcome: 'done' };
    const wanted = this.wanted(prepared, optedOut, claimed.duplicates);
    const taken = new Set(await this.fingerprints.takeFree(wanted));
    let open = wanted.filter((fingerprint, i) => {
      if (!taken.has(i)) claimed.mine.push(fingerprint._id);
      return taken.has(i);
    });
    while (open.length > 0) {
      const waiting: FingerprintDoc[] = [];
      for (let i = 0; i < open.length; i += CHUNK) {
        waiting.push(...(await this.resolve(prepared.tenant, open.slice(i, i + CHUNK), claimed)));
      }
      open = waiting;
      if (open.length === 0 || claimed.outcome !== 'done') break;
      if (performance.now() > deadline) claimed.outcome = 'busy';
      else await sleep(LOOK_AGAIN_MILLIS);
      if (claimed.outcome !== 'done') break;
    }
    return claimed;
  }

  /** Which of the texts are of a message that is there: they would be duplicates now. Takes nothing. */
  async held(tenant: TenantId, hashes: readonly string[]): Promise<Set<string>> {
    const held = new Set<string>();
    for (let i = 0; i < hashes.length; i += CHUNK) {
      const keys = new Map(hashes.slice(i, i + CHUNK).map((hash) => [FingerprintsRepository.key(tenant, hash), hash]));
      const owners = await this.fingerprints.byIds([...keys.keys()]);
      const { states, isFree } = await this.look(tenant, [...owners.values()]);
      for (const [key, seen] of owners)
        if (!isFree(seen) && isCommitted(states.get(seen.request_id))) held.add(keys.get(key)!);
    }
    return held;
  }

  /** One fingerprint for each text; a text that stands twice in the request is a duplicate the second time. */
  private wanted(prepared: PreparedRequest, optedOut: ReadonlySet<number>, duplicates: Set<number>): FingerprintDoc[] {
    const at = this.clock.now();
    const expires_at = new Date(at.getTime() + prepared.duplicateMinutes * 60_000);
    const request_id = prepared.request._id;
    const seen = new Set<string>();
    const wanted: FingerprintDoc[] = [];
    prepared.hashes.forEach((hash, sequence) => {
      if (optedOut.has(sequence)) return undefined;
      if (seen.has(hash)) return duplicates.add(sequence);
      seen.add(hash);
      const _id = FingerprintsRepository.key(prepared.tenant, hash);
      wanted.push({
        _id,
        tenant_id: prepared.tenant,
        request_id,
        message_id: messageId(request_id, sequence),
        at,
        expires_at,
      });
      return undefined;
    });
    // In one order for everybody: two lists that are inserted in opposite order can wait for each other in the server (code 112).
    return wanted.sort((a, b) => (a._id < b._id ? -1 : 1));
  }

  /** One look at those that somebody has. Answers the ones that are not decided yet. */
  private async resolve(
    tenant: TenantId,
    open: readonly FingerprintDoc[],
    claimed: Claimed,
  ): Promise<FingerprintDoc[]> {
    const owners = await this.fingerprints.byIds(open.map((mine) => mine._id));
    const { states, isFree } = await this.look(tenant, [...owners.values()]);
    const undecided: FingerprintDoc[] = [];
    const free: FingerprintDoc[] = [];
    const takeOver: { seen: FingerprintDoc; mine: FingerprintDoc }[] = [];
    const given = new Set<string>();
    for (const mine of open) {
      const seen = owners.get(mine._id);
      if (!seen) free.push(mine);
      else if (seen.request_id === mine.request_id) claimed.mine.push(mine._id);
      else {
        if (isFree(seen)) takeOver.push({ seen, mine });
        else if (isCommitted(states.get(seen.request_id))) claimed.duplicates.add(sequenceOf(mine));
        else {
          undecided.push(mine);
          if (this.dead.isDead(seen.at)) given.add(seen.request_id);
          else if (mine.request_id > seen.request_id && claimed.mine.length > 0) claimed.outcome = 'again';
        }
      }
    }
    for (const requestId of given) await this.dead.bury(tenant, requestId);
    undecided.push(...(await this.take(free, takeOver, claimed)));
    return undecided;
  }

  /** What became of those who have the texts: `isFree` when it came to nothing, or is too long ago. */
  private async look(tenant: TenantId, owners: readonly FingerprintDoc[]) {
    const now = this.clock.now();
    const held = owners.filter((seen) => seen.expires_at > now);
    const [states, fates] = await Promise.all([
      this.requests.states(tenant, [...new Set(held.map((seen) => seen.request_id))]),
      this.messages.fates(
        tenant,
        held.map((seen) => seen.message_id),
      ),
    ]);
    const isFree = (seen: FingerprintDoc): boolean => {
      const fate = fates.get(seen.message_id);
      const isDead = states.get(seen.request_id)?.tombstone === true;
      return seen.expires_at <= now || isDead || (fate !== undefined && cameToNothing(fate));
    };
    return { states, isFree };
  }

  private async take(
    free: readonly FingerprintDoc[],
    takeOver: readonly { seen: FingerprintDoc; mine: FingerprintDoc }[],
    claimed: Claimed,
  ): Promise<FingerprintDoc[]> {
    const lost: FingerprintDoc[] = [];
    if (free.length > 0) {
      const taken = new Set(await this.fingerprints.takeFree(free));
      free.forEach((mine, i) => (taken.has(i) ? lost.push(mine) : claimed.mine.push(mine._id)));
    }
    if (takeOver.length > 0) {
      const made = await this.fingerprints.takeOver(takeOver);
      takeOver.forEach(({ mine }, i) => (made[i] ? claimed.mine.push(mine._id) : lost.push(mine)));
    }
    return lost;
  }
}

function isCommitted(state: OwnerState | undefined): boolean {
  return state !== undefined && !state.tombstone;
}

function sequenceOf(fingerprint: FingerprintDoc): number {
  return parseInt(fingerprint.message_id.slice(-4), 32);
}
