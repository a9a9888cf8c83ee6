import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { TenantId } from '../common/tenant-id.js';
import { TimeSlice } from '../common/time-slice.js';
import { parseRoute } from '../domain/route.js';
import { dayOf, HOUR_MILLIS, hourOf, isoHourIn, later, MINUTE_MILLIS, type Zone } from '../domain/time.js';
import type { Submitter } from '../messages/messages.service.js';
import { ownZone } from '../tenants/own-zone.js';
import { SettingsService } from '../tenants/settings.service.js';
import { BucketsRepository, type BucketDoc } from '../messages/counting/buckets.repository.js';
import type { CountCell } from '../messages/counting/count-cells.js';
import type { Group, SummaryQuery } from './dto/summary.query.js';
import { RecountMarked } from '../messages/counting/recount-marked.js';
import { readReportRange, type ReportRange } from './report-range.js';
import { Totals } from './totals.js';

const FIELD = {
  agent: 'agent_id',
  client: 'client_id',
  template: 'template_id',
  route: 'route',
  carrier: 'carrier',
} as const;
const PAGE = 100;
const MINUTES_OF_AN_HOUR = 60;

type Counted = Pick<BucketDoc, 'at' | 'cells'>;

/** Adds up hours. The cost depends on the number of hours, not on the number of messages in them. */
@Injectable()
export class SummaryService {
  constructor(
    private readonly buckets: BucketsRepository,
    private readonly recountMarked: RecountMarked,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns one row per group: days and hours in the order of time, other groups by their total. A key sees its own messages, a user the
   * tenant's. Messages accepted before `countedUntil` are counted as they are now; many new messages take the worker some more seconds.
   * @throws ApiError 400 for an invalid range.
   */
  async summary(caller: Submitter, query: SummaryQuery) {
    const now = this.clock.now();
    const settings = await this.settings.get(caller.tenant);
    const { segment_prices: prices, currency } = settings;
    const range = readReportRange(query, query.group_by === 'hour', now, ownZone(settings));
    const lagsFrom = await this.recountMarked.refresh(caller.tenant, range.from, range.to);
    const isAsked = (cell: CountCell): boolean =>
      (caller.kind === 'user' || cell.client_id === caller.id) &&
      (query.template_id === undefined || cell.template_id === query.template_id);
    const groups = new Map<string | null, Totals>();
    const slice = new TimeSlice();
    const timeAt = (at: Date): string | undefined => timeOf(query.group_by, at, range.zone);
    for await (const { at, cells } of this.parts(caller.tenant, range, timeAt)) {
      const time = timeAt(at);
      for (const cell of cells) {
        if (!isAsked(cell)) continue;
        const key = time ?? keyOf(cell, query.group_by as keyof typeof FIELD);
        const totals = groups.get(key) ?? new Totals(prices);
        totals.add(cell);
        groups.set(key, totals);
      }
      if (slice.isOver) await slice.next();
    }
    return {
      rows: show(query.group_by, groups, currency),
      isComplete: lagsFrom === null,
      countedUntil: lagsFrom ?? now,
    };
  }

  /** Hours, and of those that lie only partly in the range, or in two of its days or hours, the smaller parts that were counted. */
  private async *parts(
    tenant: TenantId,
    { from, to, zone }: ReportRange,
    timeAt: (at: Date) => string | undefined,
  ): AsyncGenerator<Counted> {
    for await (const hour of this.hours(tenant, hourOf(from), to)) {
      const end = later(hour.at, HOUR_MILLIS);
      const isWithin = from <= hour.at && end <= to;
      const isAligned = zone.offset(hour.at.getTime()) % 60 === 0;
      if (isWithin && (isAligned || timeAt(hour.at) === timeAt(later(end, -MINUTE_MILLIS)))) yield hour;
      else for (const part of await this.partsOf(tenant, hour)) if (from <= part.at && part.at < to) yield part;
    }
  }

  private async *hours(tenant: TenantId, from: Date, to: Date): AsyncGenerator<BucketDoc> {
    let next = from;
    for (;;) {
      const page = await this.buckets.within(tenant, 'hour', next, to, PAGE);
      yield* page;
      if (page.length < PAGE) return;
      next = later(page.at(-1)!.at, HOUR_MILLIS);
    }
  }

  /** What earlier versions froze has no parts any more, and counts where it begins. */
  private async partsOf(tenant: TenantId, hour: BucketDoc): Promise<readonly Counted[]> {
    if (hour.frozen) return hour.quarters ?? [hour];
    return this.buckets.within(tenant, 'minute', hour.at, later(hour.at, HOUR_MILLIS), MINUTES_OF_AN_HOUR);
  }
}

function keyOf(cell: CountCell, group: keyof typeof FIELD): string | null {
  return group === 'carrier' ? carrierOf(cell) : cell[FIELD[group]];
}

/** The carrier that took them, or that they wait for; null for phones. */
function carrierOf({ carrier, route }: CountCell): string | null {
  const parsed = carrier === undefined ? parseRoute(route) : null;
  return carrier ?? (parsed?.kind === 'carrier' ? parsed.carrier : null);
}

/** The day or hour that a row stands for; undefined when rows are not grouped by time. */
function timeOf(group: Group, at: Date, zone: Zone): string | undefined {
  return group === 'day' ? dayOf(at, zone) : group === 'hour' ? isoHourIn(at, zone) : undefined;
}

function show(group: Group, groups: ReadonlyMap<string | null, Totals>, currency: string | null) {
  const entries = [...groups.entries()];
  if (group === 'day' || group === 'hour') {
    return entries.sort(([a], [b]) => (a! < b! ? -1 : 1)).map(([date, totals]) => ({ date, ...totals.show(currency) }));
  }
  return entries
    .sort(([a, x], [b, y]) => y.total - x.total || (String(a) < String(b) ? -1 : 1))
    .map(([value, totals]) => ({ [FIELD[group]]: value, ...totals.show(currency) }));
}
