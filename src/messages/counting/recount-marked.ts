import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { Clock } from '../../common/clock.js';
import type { TenantId } from '../../common/tenant-id.js';
import { hourOf } from '../../domain/time.js';
import { SETTLED_MILLIS } from './changed-minutes.js';
import { MinuteMarksRepository, type MinuteMark } from './minute-marks.repository.js';
import { BucketsRepository } from './buckets.repository.js';
import { Recount, type IsOver } from './recount.js';

/** How long a summary waits for marked minutes to be counted. */
const REFRESH_MILLIS = 1000;
const MOST_AT_ONCE = 500;
/** A minute with at most this many messages is counted again for every summary. */
const CHEAP_ROWS = 2000;
/** A larger minute rests this many times as long as its count took, up to a maximum, so that nobody waits for ever. */
const REST = 20;
const MOST_REST_MILLIS = 10_000;

/**
 * Brings marked minutes, and their hours, up to date. Several gateways may do it at the same time.
 *
 * A mark is older than the write it was made for, so counting a minute once is not enough:
 *
 *   10:00:00  a phone reports: its minute M is marked
 *   10:00:01  a caller requests a summary: M is counted, without the report; the mark stays
 *   10:00:02  the report is written
 *   10:00:15  the mark is old enough: M is counted again, with the report, and the mark is removed
 *
 * A minute with many messages takes long to count. If it were counted at each call, a campaign would keep the store fully busy. So it
 * rests after each count, and `refresh` tells callers what isn't counted yet.
 */
@Injectable()
export class RecountMarked {
  /** When this process last began to count each minute, and how long that took. */
  private readonly counted = new LRUCache<string, { began: number; millis: number; rows: number; isSet: boolean }>({
    max: 20_000,
  });
  private readonly oneByOne = pLimit(1);

  constructor(
    private readonly marks: MinuteMarksRepository,
    private readonly buckets: BucketsRepository,
    private readonly recount: Recount,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts the marked minutes in a range, newest first, for about a second at most: a small shop always gets exact numbers, and the worker
   * counts the rest. Callers run one after another, and a minute that one counted after another had asked is not counted again. Returns the
   * oldest minute whose counts are older than this call; null when all are up to date.
   */
  async refresh(tenant: TenantId, from: Date, to: Date): Promise<Date | null> {
    const asked = performance.now();
    const isOver = (): boolean => performance.now() - asked > REFRESH_MILLIS;
    return this.oneByOne(async () => {
      const marks = await this.marks.within(tenant, from, to, MOST_AT_ONCE);
      const isOld = ({ _id }: MinuteMark): boolean => !this.isCountedSince(_id, asked);
      const due = marks.filter((mark) => isOld(mark) && this.isRested(mark._id));
      await this.workOff(due, isOver, isOver);
      const left = marks.filter(isOld).at(-1)?.at ?? null;
      return marks.length < MOST_AT_ONCE ? left : ((await this.marks.oldestWithin(tenant, from, to)) ?? left);
    });
  }

  /** Whether a minute may be counted again: not yet if that is expensive and was just done, or was just begun and interrupted. */
  isRested(id: string): boolean {
    const last = this.counted.get(id);
    if (!last || last.rows <= CHEAP_ROWS) return true;
    return performance.now() - last.began > Math.min(last.millis * REST, MOST_REST_MILLIS);
  }

  /** The same for the worker, which is never interrupted: counts that callers began and didn't finish don't delay it. */
  isRestedForWorker(id: string): boolean {
    return this.counted.get(id)?.isSet !== true || this.isRested(id);
  }

  private isCountedSince(id: string, asked: number): boolean {
    const last = this.counted.get(id);
    return last !== undefined && last.isSet && last.began >= asked;
  }

  /** Milliseconds since this process last finished counting the minute. */
  sinceCounted(id: string): number {
    const last = this.counted.get(id);
    return last?.isSet ? performance.now() - last.began : Infinity;
  }

  /**
   * Counts minutes first, then their hours, then removes the marks that are old enough: after an interruption the marks are still there.
   * `isEnough` ends the work between two minutes, `isOver` also within one. Returns how many minutes it counted.
   */
  async workOff(marks: readonly MinuteMark[], isEnough: IsOver, isOver: IsOver): Promise<number> {
    let done = 0;
    for (const ofHour of byHour(marks)) {
      if (isEnough() || isOver()) break;
      const { tenant_id: tenant, at } = ofHour[0]!;
      const hour = hourOf(at);
      const settled: MinuteMark[] = [];
      const isFrozen = (await this.buckets.one(tenant, 'hour', hour))?.frozen;
      for (const mark of ofHour) {
        const startedAt = this.clock.now();
        if (isFrozen) this.counted.set(mark._id, { began: performance.now(), millis: 0, rows: 0, isSet: true });
        else if (!(await this.count(mark, isOver))) continue;
        done++;
        if (startedAt.getTime() - mark.marked_at.getTime() >= SETTLED_MILLIS) settled.push(mark);
        if (isEnough()) break;
      }
      if (!isFrozen && !(await this.recount.hour(tenant, hour))) {
        for (const { _id } of ofHour) this.counted.delete(_id);
        continue;
      }
      for (const mark of settled) await this.marks.remove(mark);
    }
    return done;
  }

  private async count(mark: MinuteMark, isOver: IsOver): Promise<boolean> {
    const began = performance.now();
    const { isSet, rows } = await this.recount.minute(mark.tenant_id, mark.at, isOver);
    this.counted.set(mark._id, { began, millis: performance.now() - began, rows, isSet });
    return isSet;
  }
}

function byHour(marks: readonly MinuteMark[]): MinuteMark[][] {
  const hours = new Map<string, MinuteMark[]>();
  for (const mark of marks) {
    const key = mark._id.slice(0, -3);
    hours.set(key, [...(hours.get(key) ?? []), mark]);
  }
  return [...hours.values()];
}
