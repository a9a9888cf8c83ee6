import { Injectable } from '@nestjs/common';
import { StoreFailure } from '../common/store-failure.js';
import type { Update } from '../database/query.js';
import type { Lease } from '../domain/lease.js';
import { Parking } from '../parking/parking.js';
import type { Candidate, Claimed } from './candidate.js';
import { QueueRepository } from './queue.repository.js';

interface Change {
  seen: Candidate;
  update: Update;
}

interface Write<T extends Candidate, R> {
  rows: readonly T[];
  make(row: T): Update;
  /** Side by side; it throws when one of them can't be written. */
  all(changes: readonly Change[]): Promise<R[]>;
  /** What came of a change that was written by an `all` that threw. */
  madeBefore?(change: Change): Promise<R>;
  notMade: R;
}

/** Changes many messages so that one that can't be changed keeps no other from it: that one is parked. */
@Injectable()
export class RowByRow {
  constructor(
    private readonly queues: QueueRepository,
    private readonly parking: Parking,
  ) {
    parking.register({
      kind: 'message',
      sightOf: ({ _id, rev }) => queues.sightOf(_id, rev),
      hide: ({ _id }, sight) => queues.hide(_id, sight),
      show: ({ _id, sight }) => queues.show(_id, sight),
    });
  }

  /** Each only while it is as it was seen; says for each whether it was made. */
  change<T extends Candidate>(rows: readonly T[], make: (row: T) => Update): Promise<boolean[]> {
    return this.write({ rows, make, all: (changes) => this.queues.changeEach(changes), notMade: false });
  }

  /** The same with what the store has then of each; null where it wasn't made. */
  claim<T extends Candidate>(rows: readonly T[], make: (row: T) => Update): Promise<(Claimed | null)[]> {
    return this.write({
      rows,
      make,
      all: (changes) => this.queues.claimEach(changes),
      // Else nobody would have it until its lease has run out.
      madeBefore: ({ seen, update }) => this.queues.claimedAs(seen._id, (update.$set!['lease'] as Lease).id),
      notMade: null,
    });
  }

  private async write<T extends Candidate, R>({ rows, make, all, madeBefore, notMade }: Write<T, R>): Promise<R[]> {
    const results = rows.map(() => notMade);
    const changes: (Change & { place: number })[] = [];
    for (const [place, seen] of rows.entries()) {
      try {
        changes.push({ place, seen, update: make(seen) });
      } catch (error) {
        await this.parking.park('message', seen, error);
      }
    }
    try {
      const made = await all(changes);
      changes.forEach(({ place }, i) => (results[place] = made[i]!));
      return results;
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
    }
    // Which of them it was, each by itself tells. What was written all the same isn't as it was seen any more.
    for (const change of changes) {
      await this.parking.guard('message', change.seen, async () => {
        const [made] = await all([change]);
        results[change.place] = made || !madeBefore ? made! : await madeBefore(change);
      });
    }
    return results;
  }
}
