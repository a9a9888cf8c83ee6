import { Injectable } from '@nestjs/common';
import { Breather } from '../common/breather.js';
import { Clock } from '../common/clock.js';
import type { Submitter } from '../messages/messages.service.js';
import { SettingsService } from '../tenants/settings.service.js';
import { BucketsRepository, type BucketDoc } from './buckets.repository.js';
import type { Cell } from './cells.js';
import type { Group, SummaryQuery } from './dto/summary.query.js';
import { MarkWork } from './mark-work.js';
import { readReportRange, type ReportRange } from './report-range.js';
import { HOUR_MILLIS, later } from './spans.js';
import { Totals } from './totals.js';

const FIELD = { agent: 'agent_id', client: 'client_id', template: 'template_id', route: 'route' } as const;
const PAGE = 100;

/** Sums of hours. What it costs follows from the hours asked for, and not from the messages in them. */
@Injectable()
export class SummaryService {
  constructor(
    private readonly buckets: BucketsRepository,
    private readonly markWork: MarkWork,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Rows of one group each; time in its order, anything else by its total. A key sees its own messages, a user the tenant's.
   * @throws ApiError 400 for a range that can't be.
   */
  async summary(caller: Submitter, query: SummaryQuery) {
    const range = readReportRange(query, query.group_by === 'hour', this.clock.now());
    const { segment_prices: prices, currency } = await this.settings.get(caller.tenant);
    await this.markWork.refresh(caller.tenant, range.from, range.to);
    const isAsked = (cell: Cell): boolean =>
      (caller.kind === 'user' || cell.client_id === caller.id) &&
      (query.template_id === undefined || cell.template_id === query.template_id);
    const groups = new Map<string | null, Totals>();
    const breather = new Breather();
    for await (const hour of this.hours(caller, range)) {
      for (const cell of hour.cells) {
        if (!isAsked(cell)) continue;
        const key = keyOf(query.group_by, hour, cell, range.offsetHours);
        const totals = groups.get(key) ?? new Totals(prices);
        totals.add(cell);
        groups.set(key, totals);
      }
      if (breather.isDue) await breather.breathe();
    }
    return show(query.group_by, groups, currency);
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

function keyOf(group: Group, hour: BucketDoc, cell: Cell, offsetHours: number): string | null {
  if (group !== 'day' && group !== 'hour') return cell[FIELD[group]];
  const local = later(hour.at, offsetHours * HOUR_MILLIS).toISOString();
  return group === 'day' ? local.slice(0, 10) : `${local.slice(0, 19)}${zone(offsetHours)}`;
}

function zone(hours: number): string {
  return hours === 0 ? 'Z' : `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`;
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
