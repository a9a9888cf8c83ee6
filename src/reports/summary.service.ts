import { Injectable } from '@nestjs/common';
import { TimeSlice } from '../common/time-slice.js';
import { Clock } from '../common/clock.js';
import { parseRoute } from '../domain/route.js';
import { dayOf, HOUR_MILLIS, isoIn, later, type Zone } from '../domain/time.js';
import type { Submitter } from '../messages/messages.service.js';
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
    const range = readReportRange(query, query.group_by === 'hour', now);
    const { segment_prices: prices, currency } = await this.settings.get(caller.tenant);
    const lagsFrom = await this.recountMarked.refresh(caller.tenant, range.from, range.to);
    const isAsked = (cell: CountCell): boolean =>
      (caller.kind === 'user' || cell.client_id === caller.id) &&
      (query.template_id === undefined || cell.template_id === query.template_id);
    const groups = new Map<string | null, Totals>();
    const slice = new TimeSlice();
    for await (const hour of this.hours(caller, range)) {
      const time = timeOf(query.group_by, hour.at, range.zone);
      for (const cell of hour.cells) {
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

  private async *hours(caller: Submitter, { from, to }: ReportRange): AsyncGenerator<BucketDoc> {
    let next = from;
    for (;;) {
      const page = await this.buckets.within(caller.tenant, 'hour', next, to, PAGE);
      yield* page;
      if (page.length < PAGE) return;
      next = later(page.at(-1)!.at, HOUR_MILLIS);
    }
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
function timeOf(group: Group, hour: Date, zone: Zone): string | undefined {
  return group === 'day' ? dayOf(hour, zone) : group === 'hour' ? isoIn(hour, zone) : undefined;
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
