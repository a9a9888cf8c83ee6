import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Collection, Store } from '../database/collection.js';
import { DuplicateKeyError } from '../database/query.js';
import { DAY_MILLIS, later } from '../domain/time.js';
import { dailyCountId } from './counter-ids.js';

export interface DailyCountDoc {
  _id: string;
  tenant_id: TenantId;
  kind: 'limit';
  day: string;
  used: number;
  /** The holds: what requests that aren't settled yet have taken, by request. */
  holds: Record<string, { n: number; at: Date }>;
  purge_at: Date;
}

/** One request's share of a day. */
export interface Share {
  tenant: TenantId;
  clientId: string;
  day: string;
  limit: number;
  n: number;
  requestId: string;
  now: Date;
}
interface Waiting<T> {
  what: T;
  resolve(taken: boolean): void;
  reject(error: unknown): void;
}
interface Gathered {
  takes: Waiting<Share>[];
  releases: Waiting<string>[];
}

const KEEP_DAYS = 8;
const MOST_TOGETHER = 500;

/**
 * How many messages each submitter sends on a day of its tenant's zone. A request takes its share first; the code that undoes a request gives it back.
 *
 * All requests of a key change one document, so changes that arrive while it is being written are written together afterwards: 64 requests
 * at once spent 40 % of the store's time on writing it 128 times.
 */
@Injectable()
export class DailyCountsRepository {
  private readonly counters: Collection<DailyCountDoc>;
  private readonly gathered = new Map<string, Gathered>();

  constructor(@InjectStore() store: Store) {
    this.counters = store.collection<DailyCountDoc>('counters');
  }

  counterId(clientId: string, day: string): string {
    return dailyCountId(clientId, day);
  }

  /** How much of the day's limit the submitter has used. */
  async used(tenant: TenantId, clientId: string, day: string): Promise<number> {
    return (await this.ofDay(tenant, [clientId], day)).get(clientId) ?? 0;
  }

  /** The same for several submitters; those who have used nothing are absent. */
  async ofDay(tenant: TenantId, clientIds: readonly string[], day: string): Promise<Map<string, number>> {
    const ids = new Map(clientIds.map((id) => [this.counterId(id, day), id]));
    const found = await this.counters.find({ tenant_id: tenant, _id: { $in: [...ids.keys()] } }, { fields: ['used'] });
    return new Map(found.map(({ _id, used }) => [ids.get(_id)!, used]));
  }

  /** Returns false when `n` more would exceed the limit. */
  async take(share: Share): Promise<boolean> {
    if (share.n > share.limit) return false;
    return this.gather(this.counterId(share.clientId, share.day), 'takes', share);
  }

  /** Ends the hold and returns `back` of it to the limit; does nothing when the hold had already ended. */
  async settle(counterId: string, requestId: string, back: number): Promise<void> {
    // With nothing to give back it is safe to repeat, so it needs no condition.
    if (back === 0) return void (await this.gather(counterId, 'releases', requestId));
    const hold = `holds.${requestId}` as const;
    await this.counters.updateOne(
      { _id: counterId, [hold]: { $exists: true } },
      { $inc: { used: -back }, $unset: { [hold]: '' } },
    );
  }

  private gather<K extends keyof Gathered>(id: string, kind: K, what: Gathered[K][number]['what']): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const waiting = this.gathered.get(id);
      const queue: Gathered = waiting ?? { takes: [], releases: [] };
      queue[kind].push({ what, resolve, reject } as never);
      if (waiting) return;
      this.gathered.set(id, queue);
      void this.writeGathered(id, queue);
    });
  }

  private async writeGathered(id: string, queue: Gathered): Promise<void> {
    while (queue.takes.length + queue.releases.length > 0) {
      const takes = queue.takes.splice(0, MOST_TOGETHER);
      const releases = queue.releases.splice(0, MOST_TOGETHER);
      try {
        const taken = await this.write(
          id,
          takes.map(({ what }) => what),
          releases.map(({ what }) => what),
        );
        takes.forEach(({ resolve }, i) => resolve(taken[i]!));
        for (const { resolve } of releases) resolve(true);
      } catch (error) {
        for (const { reject } of [...takes, ...releases]) reject(error);
      }
    }
    this.gathered.delete(id);
  }

  /** Takes all shares in one conditional update; if that exceeds the day's limit, one after the other. Returns who got their share. */
  private async write(_id: string, shares: readonly Share[], released: readonly string[]): Promise<boolean[]> {
    const ended = released.length > 0 ? { $unset: unset(released) } : {};
    if (shares.length > 0) {
      const { filter, update } = taking(_id, shares);
      if ((await this.counters.updateOne(filter, { ...update, ...ended })).matched === 1) return shares.map(() => true);
    }
    if (released.length > 0) await this.counters.updateOne({ _id }, ended);
    const taken: boolean[] = [];
    for (const share of shares) taken.push(await this.takeAlone(_id, share));
    return taken;
  }

  private async takeAlone(_id: string, share: Share): Promise<boolean> {
    const { filter, update } = taking(_id, [share]);
    try {
      if ((await this.counters.updateOne(filter, update)).matched === 1) return true;
      await this.counters.updateOne(filter, update, { upsert: true });
      return true;
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      // The day's counter exists: either it is full, or another gateway has just created it.
      return (await this.counters.updateOne(filter, update)).matched === 1;
    }
  }

  /** Across tenants, for recovery. */
  ofDays(days: readonly string[], after: string | undefined, limit: number): Promise<DailyCountDoc[]> {
    return this.counters.find(
      { kind: 'limit', day: { $in: days }, ...(after ? { _id: { $gt: after } } : {}) },
      { sort: { _id: 1 }, limit },
    );
  }
}

function taking(_id: string, shares: readonly Share[]) {
  const [{ tenant, day, now }] = shares as [Share];
  const n = shares.reduce((sum, share) => sum + share.n, 0);
  const limit = Math.min(...shares.map((share) => share.limit));
  return {
    filter: { _id, used: { $lte: limit - n } },
    update: {
      $inc: { used: n },
      $set: Object.fromEntries(shares.map((share) => [`holds.${share.requestId}`, { n: share.n, at: share.now }])),
      $setOnInsert: {
        tenant_id: tenant,
        kind: 'limit',
        day,
        purge_at: later(now, KEEP_DAYS * DAY_MILLIS),
      },
    },
  };
}

function unset(requestIds: readonly string[]): Record<string, ''> {
  return Object.fromEntries(requestIds.map((id) => [`holds.${id}`, '']));
}
