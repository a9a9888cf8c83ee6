import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import { idTime } from '../../common/ids.js';
import type { TenantId } from '../../common/tenant-id.js';
import type { Update } from '../../database/query.js';
import { minuteOf } from '../../domain/time.js';
import { MinuteMarksRepository } from './minute-marks.repository.js';

/** A mark younger than this also covers the next write, so that busy phones cost one mark and not one for each report. */
const STANDS_MILLIS = 10_000;
/**
 * A mark is removed only when the rows were read at least this long after it: by then every write that relied on it is done, even one of a
 * gateway whose clock is some seconds off.
 */
export const SETTLED_MILLIS = 15_000;
const HUNG_MILLIS = 2000;

/** The fields that reports count by. A write that changes none of them (a note, a promotion) needs no mark. */
const COUNTED = [
  'status',
  'agent_id',
  'route',
  'segments',
  'template_id',
  'client_id',
  'delivery',
  'delivery.outcome',
  'carrier',
];

type Marked = { _id: string; tenant_id: TenantId };

/**
 * Marks minutes of acceptance durably before their messages change, so that the reports know what to count again, even after a crash.
 * Every write of messages goes through here.
 */
@Injectable()
export class ChangedMinutes {
  private readonly known = new LRUCache<string, { at: number; written: Promise<void> }>({ max: 20_000 });

  constructor(
    private readonly marks: MinuteMarksRepository,
    private readonly clock: Clock,
  ) {}

  /** Marks, then writes. */
  async change<T>(changes: readonly { seen: Marked; update: Update }[], write: () => Promise<T>): Promise<T> {
    const counted = changes.filter(({ update }) => isCounted(update)).map(({ seen }) => seen);
    return this.around(counted, write);
  }

  /**
   * The same for messages that are inserted or removed. Why a slow write marks twice:
   *
   *   10:00:00  A marks minute M, and its acknowledgement hangs     M is marked as of 10:00:00
   *   10:00:15  the worker counts M, sees that the mark is old enough, removes it
   *   10:00:20  A gets the acknowledgement at last, and writes      M has changed and has no mark
   *
   * So if the mark took long, it is made again before the write; if the write took long, its minute is marked again after it.
   */
  async around<T>(messages: readonly Marked[], write: () => Promise<T>): Promise<T> {
    if (messages.length === 0) return write();
    let began = this.clock.now();
    await this.mark(messages);
    if (this.isLate(began)) {
      began = this.clock.now();
      await this.mark(messages);
    }
    try {
      return await write();
    } finally {
      if (this.isLate(began)) await this.mark(messages);
    }
  }

  private isLate(began: Date): boolean {
    return Math.abs(this.clock.now().getTime() - began.getTime()) > HUNG_MILLIS;
  }

  private async mark(messages: readonly Marked[]): Promise<void> {
    const now = this.clock.now();
    const waits = new Set<Promise<void>>();
    const fresh = new Map<string, { tenant: TenantId; at: Date }>();
    for (const { _id, tenant_id: tenant } of messages) {
      const minute = minuteOf(idTime(_id));
      const key = `${tenant}|${minute.getTime()}`;
      const known = this.known.get(key);
      if (known && Math.abs(now.getTime() - known.at) < STANDS_MILLIS) waits.add(known.written);
      else fresh.set(key, { tenant, at: minute });
    }
    if (fresh.size > 0) waits.add(this.write(fresh, now));
    // This waits for marks that another call is writing: a mark counts only when it is stored.
    await Promise.all(waits);
  }

  private write(fresh: ReadonlyMap<string, { tenant: TenantId; at: Date }>, now: Date): Promise<void> {
    const written = this.marks.mark([...fresh.values()], now).catch((error: unknown) => {
      for (const key of fresh.keys()) if (this.known.peek(key)?.written === written) this.known.delete(key);
      throw error;
    });
    for (const key of fresh.keys()) this.known.set(key, { at: now.getTime(), written });
    return written;
  }
}

function isCounted(update: Update): boolean {
  const set = update.$set;
  return set !== undefined && COUNTED.some((field) => field in set);
}
