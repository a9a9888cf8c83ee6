/** How much an agent may still lease: its pace, and the daily caps of its account and its SIMs. */
export interface BudgetRules {
  ratePerMinute: number;
  leaseSeconds: number;
  dailyCap: number | null;
  simCaps: Readonly<Record<number, number | null>>;
}
/** What was leased so far: per slice of the pace window, and per UTC day. */
export interface BudgetUse {
  slices: readonly (readonly [start: number, taken: number])[];
  day: string;
  dayTaken: number;
  simTaken: Readonly<Record<string, number>>;
}
export interface Allowance {
  /** For HIGH priority. */
  high: number;
  /** For everything else: a fifth of the pace is kept for HIGH, so that a code overtakes a campaign. */
  bulk: number;
}

const SLICES = 30;
const HIGH_SHARE = 0.2;

export const NO_USE: BudgetUse = { slices: [], day: '', dayTaken: 0, simTaken: {} };

/** The most that may be leased within one lease's time: what the phone can send in it. */
export function leaseCapacity(rules: BudgetRules): number {
  return Math.max(1, Math.floor((rules.ratePerMinute * rules.leaseSeconds) / 60));
}

/**
 * Claims of the last lease's time count against the capacity; since a lease lasts that long, what is leased can never exceed it.
 * The window moves in slices of a thirtieth, rounded against the phone.
 */
export function allowance(use: BudgetUse, rules: BudgetRules, now: Date, day: string): Allowance {
  const capacity = leaseCapacity(rules);
  const reserve = capacity >= 2 ? Math.max(1, Math.floor(capacity * HIGH_SHARE)) : 0;
  const taken = recent(use, rules, now).reduce((sum, [, n]) => sum + n, 0);
  const today = rules.dailyCap === null ? Infinity : rules.dailyCap - (use.day === day ? use.dayTaken : 0);
  return {
    high: Math.max(0, Math.min(capacity - taken, today)),
    bulk: Math.max(0, Math.min(capacity - reserve - taken, today)),
  };
}

/** What SIM `slot` may still send today; Infinity without a cap. */
export function simAllowance(use: BudgetUse, rules: BudgetRules, slot: number, day: string): number {
  const cap = rules.simCaps[slot] ?? null;
  return cap === null ? Infinity : Math.max(0, cap - (use.day === day ? (use.simTaken[slot] ?? 0) : 0));
}

/** The use after `count` more leases (negative: given back), `sims` of them by SIM. */
export function spend(
  use: BudgetUse,
  rules: BudgetRules,
  now: Date,
  day: string,
  count: number,
  sims: Readonly<Record<number, number>>,
): BudgetUse {
  const slices = recent(use, rules, now).map(([start, n]) => [start, n] as [number, number]);
  const start = sliceStart(rules, now);
  const last = slices.at(-1);
  if (last && (last[0] === start || count < 0)) last[1] = Math.max(0, last[1] + count);
  else if (count > 0) slices.push([start, count]);
  const sameDay = use.day === day;
  const simTaken: Record<string, number> = sameDay ? { ...use.simTaken } : {};
  for (const [slot, n] of Object.entries(sims)) simTaken[slot] = Math.max(0, (simTaken[slot] ?? 0) + n);
  return { slices, day, dayTaken: Math.max(0, (sameDay ? use.dayTaken : 0) + count), simTaken };
}

function sliceMillis(rules: BudgetRules): number {
  return Math.max(1, Math.floor((rules.leaseSeconds * 1000) / SLICES));
}

function sliceStart(rules: BudgetRules, now: Date): number {
  const size = sliceMillis(rules);
  return Math.floor(now.getTime() / size) * size;
}

function recent(use: BudgetUse, rules: BudgetRules, now: Date): (readonly [number, number])[] {
  const horizon = now.getTime() - rules.leaseSeconds * 1000;
  return use.slices.filter(([start]) => start + sliceMillis(rules) > horizon);
}
