import { Injectable } from '@nestjs/common';
import { idTime } from '../common/ids.js';
import type { TenantId } from '../common/tenant-id.js';
import { bucketId } from '../domain/count-bucket.js';
import { HOUR_MILLIS, hourOf, later, minuteOf } from '../domain/time.js';
import { MinuteMarksRepository } from '../messages/counting/minute-marks.repository.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { BucketsRepository, type BucketDoc, type Level } from '../messages/counting/buckets.repository.js';
import { CellSum, sameCells, type CountCell } from '../messages/counting/count-cells.js';
import { CountedMessagesRepository } from '../messages/counting/counted-messages.repository.js';
import { RecountMarked } from '../messages/counting/recount-marked.js';
import { Recount } from '../messages/counting/recount.js';

export interface RebuildOptions {
  /** Included; absent: from the beginning. */
  from?: Date | undefined;
  /** Not included; absent: to the end. */
  to?: Date | undefined;
  /** Only report differences. Marked buckets are still counted, as always. */
  check?: boolean | undefined;
  signal?: AbortSignal | undefined;
}
/** A bucket that was wrong although it had no mark. */
export interface Difference {
  tenant_id: TenantId;
  level: Level;
  at: Date;
  /** Number of messages in the bucket. */
  stored: number;
  /** Number of messages in the store; when both numbers are equal, the difference is in a status or another counted field. */
  rows: number;
}
export interface Rebuilt {
  messages: number;
  hours: number;
  /** Number of hours that stay as they are, because their messages were removed. */
  frozen: number;
  differences: number;
}

const BEGINNING = new Date(0);
const END = new Date('9999-01-01T00:00:00Z');
const MINUTES = 60;

/** Counts every message again and compares the buckets with the result; corrects those that differ. */
@Injectable()
export class Rebuild {
  constructor(
    private readonly tenants: TenantsService,
    private readonly buckets: BucketsRepository,
    private readonly rows: CountedMessagesRepository,
    private readonly marks: MinuteMarksRepository,
    private readonly recountMarked: RecountMarked,
    private readonly recount: Recount,
  ) {}

  /**
   * Works on whole hours, one after another, while the gateway does its other work. Calls `report` with each difference.
   * @throws when `signal` is aborted; hours that were done until then stay corrected.
   */
  async rebuild(options: RebuildOptions, report: (difference: Difference) => void): Promise<Rebuilt> {
    const result: Rebuilt = { messages: 0, hours: 0, frozen: 0, differences: 0 };
    const tell = (difference: Difference): void => {
      result.differences++;
      report(difference);
    };
    const to = options.to ?? END;
    for await (const { _id: tenant } of this.tenants.all()) {
      let at = await this.nextHour(tenant, hourOf(options.from ?? BEGINNING), to);
      while (at) {
        options.signal?.throwIfAborted();
        result.hours++;
        if ((await this.buckets.one(tenant, 'hour', at))?.frozen) result.frozen++;
        else result.messages += await this.hour(tenant, at, options.check ?? false, tell);
        at = await this.nextHour(tenant, later(at, HOUR_MILLIS), to);
      }
    }
    return result;
  }

  /** The first hour that has messages or buckets. */
  private async nextHour(tenant: TenantId, from: Date, to: Date): Promise<Date | null> {
    const [message, [minute], [hour]] = await Promise.all([
      this.rows.first(tenant, from, to),
      this.buckets.within(tenant, 'minute', from, to, 1),
      this.buckets.within(tenant, 'hour', from, to, 1),
    ]);
    const times = [message && idTime(message), minute?.at, hour?.at].filter((time) => time instanceof Date);
    return times.length === 0 ? null : hourOf(new Date(Math.min(...times.map((time) => time.getTime()))));
  }

  private async hour(
    tenant: TenantId,
    at: Date,
    check: boolean,
    tell: (difference: Difference) => void,
  ): Promise<number> {
    const end = later(at, HOUR_MILLIS);
    const marked = async () => (await this.marks.within(tenant, at, end, MINUTES)).map((mark) => mark._id);
    await this.recountMarked.workOff(await this.marks.within(tenant, at, end, MINUTES), never, never);
    const marks = new Set(await marked());
    const seenHour = await this.buckets.one(tenant, 'hour', at);
    const seen = new Map(
      (await this.buckets.within(tenant, 'minute', at, end, MINUTES)).map((b) => [b.at.getTime(), b]),
    );
    const { messages, minutes, hour } = await this.count(tenant, at, end);
    // Each write first marks its minute. So a bucket that differs, has no mark and wasn't set in the meantime is wrong.
    for (const id of await marked()) marks.add(id);
    const judge = async (level: Level, time: Date, was: BucketDoc | null, cells: CountCell[]): Promise<boolean> => {
      if (sameCells(was?.cells ?? [], cells)) return false;
      const now = await this.buckets.one(tenant, level, time);
      if (now?.rev !== was?.rev) return false;
      tell({ tenant_id: tenant, level, at: time, stored: total(was?.cells ?? []), rows: total(cells) });
      return true;
    };
    for (const time of new Set([...seen.keys(), ...minutes.keys()])) {
      if (marks.has(bucketId(tenant, new Date(time)))) continue;
      const cells = minutes.get(time)?.toCells() ?? [];
      const was = seen.get(time) ?? null;
      if ((await judge('minute', new Date(time), was, cells)) && !check) {
        await this.buckets.set(tenant, 'minute', new Date(time), was, cells);
      }
    }
    if (marks.size === 0) await judge('hour', at, seenHour, hour.toCells());
    if (!check) await this.recount.hour(tenant, at);
    return messages;
  }

  private async count(tenant: TenantId, from: Date, to: Date) {
    const minutes = new Map<number, CellSum>();
    const hour = new CellSum();
    let messages = 0;
    for await (const page of this.rows.within(tenant, from, to)) {
      for (const row of page) {
        const minute = minuteOf(idTime(row._id)).getTime();
        const sum = minutes.get(minute) ?? new CellSum();
        sum.addRow(row);
        hour.addRow(row);
        minutes.set(minute, sum);
      }
      messages += page.length;
    }
    return { messages, minutes, hour };
  }
}

const never = (): boolean => false;

function total(cells: readonly CountCell[]): number {
  return cells.flatMap((cell) => Object.values(cell.counts)).reduce((sum, count) => sum + count, 0);
}
