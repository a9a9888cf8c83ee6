import { Limit, reserveOf } from './budget-limit.js';
import { freeAt, giveBackTo, takeFrom, takenIn, type SlidingWindow, type Slices } from './sliding-window.js';
import { dayOf, HOUR_MILLIS, MINUTE_MILLIS, nextMidnight, type Zone } from './time.js';

/** In segments; null: none. */
export interface Caps {
  hourly: number | null;
  daily: number | null;
}
/** How much a phone may lease, in segments: its pace, and the caps of its account and of its SIMs. */
export interface BudgetRules {
  ratePerMinute: number;
  leaseSeconds: number;
  phone: Caps;
  sims: Readonly<Record<number, Caps>>;
  /** Outside its working hours a phone is given HIGH alone. */
  highOnly: boolean;
  /** Whose midnight begins the days of daily caps. */
  zone: Zone;
}
/** What was leased so far: in the pace's window, in the last hour, and on a day. Earlier versions counted texts, not segments. */
export interface BudgetUse {
  slices: Slices;
  day: string;
  dayTaken: number;
  simTaken: Readonly<Record<string, number>>;
  /** By slot, and by PHONE; only of what has an hourly cap. Earlier versions didn't write it. */
  hours?: Readonly<Record<string, Slices>>;
}
export interface Limits {
  pace: Limit;
  hour: Limit;
  day: Limit;
  sims: Map<number, { hour: Limit; day: Limit }>;
}

const PHONE = 'phone';

export const NO_USE: BudgetUse = { slices: [], day: '', dayTaken: 0, simTaken: {}, hours: {} };

/** The most that may be leased within one lease's time: what the phone can send in it. */
export function leaseCapacity({ ratePerMinute, leaseSeconds }: BudgetRules): number {
  return Math.max(1, Math.floor((ratePerMinute * leaseSeconds * 1000) / MINUTE_MILLIS));
}

/** Leases of the last lease's time count against the capacity; since a lease lasts that long, what is leased can't exceed it. */
export function limitsOf(use: BudgetUse, rules: BudgetRules, now: Date): Limits {
  const isToday = use.day === dayOf(now, rules.zone);
  const hourOf = (key: string, cap: number | null): Limit => sliding(use.hours?.[key] ?? [], hourWindow(cap), now);
  const dayLimit = (cap: number | null, taken: number): Limit => new Limit(cap ?? Infinity, isToday ? taken : 0);
  const sims = Object.entries(rules.sims).map(([slot, { hourly, daily }]) => {
    return [Number(slot), { hour: hourOf(slot, hourly), day: dayLimit(daily, use.simTaken[slot] ?? 0) }] as const;
  });
  return {
    pace: sliding(use.slices, paceWindow(rules), now),
    hour: hourOf(PHONE, rules.phone.hourly),
    day: dayLimit(rules.phone.daily, use.dayTaken),
    sims: new Map(sims),
  };
}

/** The use after `count` more segments were leased (negative: given back), `bySim` of them by SIM. */
export function spend(
  use: BudgetUse,
  rules: BudgetRules,
  now: Date,
  count: number,
  bySim: Readonly<Record<string, number>>,
): BudgetUse {
  const day = dayOf(now, rules.zone);
  const isToday = use.day === day;
  const simTaken: Record<string, number> = isToday ? { ...use.simTaken } : {};
  for (const [slot, n] of Object.entries(bySim)) simTaken[slot] = Math.max(0, (simTaken[slot] ?? 0) + n);
  const hours = Object.entries({ ...rules.sims, [PHONE]: rules.phone }).flatMap(([key, { hourly }]) => {
    if (hourly === null) return [];
    const taken = key === PHONE ? count : (bySim[key] ?? 0);
    return [[key, moved(use.hours?.[key] ?? [], hourWindow(hourly), now, taken)] as const];
  });
  return {
    slices: moved(use.slices, paceWindow(rules), now, count),
    day,
    dayTaken: Math.max(0, (isToday ? use.dayTaken : 0) + count),
    simTaken,
    hours: Object.fromEntries(hours.filter(([, slices]) => slices.length > 0)),
  };
}

/** When a text of one segment that isn't HIGH has room, as far as pace and caps go; null: never, a cap is 0. */
export function roomAt(use: BudgetUse, rules: BudgetRules, now: Date): Date | null {
  const isToday = use.day === dayOf(now, rules.zone);
  const inWindow = (slices: Slices, window: SlidingWindow): Date | null =>
    freeAt(slices, window, now, window.capacity - reserveOf(window.capacity) - 1);
  const byCaps = (key: string, { hourly, daily }: Caps, taken: number): Date | null =>
    latest(
      hourly === null ? now : inWindow(use.hours?.[key] ?? [], hourWindow(hourly)),
      daily === null || (isToday ? taken : 0) < daily ? now : daily === 0 ? null : nextMidnight(now, rules.zone),
    );
  const sims = Object.entries(rules.sims).map(([slot, caps]) => byCaps(slot, caps, use.simTaken[slot] ?? 0));
  const soonest = sims.length === 0 ? now : sims.reduce(earlier);
  return latest(latest(inWindow(use.slices, paceWindow(rules)), byCaps(PHONE, rules.phone, use.dayTaken)), soonest);
}

function paceWindow(rules: BudgetRules): SlidingWindow {
  return { millis: rules.leaseSeconds * 1000, capacity: leaseCapacity(rules) };
}

function hourWindow(cap: number | null): SlidingWindow {
  return { millis: HOUR_MILLIS, capacity: cap ?? Infinity };
}

function sliding(slices: Slices, window: SlidingWindow, now: Date): Limit {
  return new Limit(window.capacity, takenIn(slices, window, now), reserveOf(window.capacity));
}

function moved(slices: Slices, window: SlidingWindow, now: Date, count: number): Slices {
  return count < 0 ? giveBackTo(slices, window, now, -count) : takeFrom(slices, window, now, count);
}

function latest(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : null;
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b);
}
