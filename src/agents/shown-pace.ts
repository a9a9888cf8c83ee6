import { limitsOf, roomAt, type BudgetRules, type BudgetUse } from '../domain/agent-budget.js';
import type { Limit } from '../domain/budget-limit.js';
import { closedUntil, type WorkingHours } from '../domain/working-hours.js';

export interface PaceState {
  rules: BudgetRules;
  use: BudgetUse;
  hours: WorkingHours | null;
}

/** What of a phone's pace and caps is used up, in segments. */
export function showPace({ rules, use, hours }: PaceState, now: Date) {
  const { pace, hour, day, sims } = limitsOf(use, rules, now);
  const opensAt = hours && closedUntil(now, hours);
  return {
    rate_limit_per_min: rules.ratePerMinute,
    lease: { seconds: rules.leaseSeconds, ...whole(pace) },
    hour: showLimit(hour),
    day: showLimit(day),
    sims: [...sims].map(([slot, of]) => ({ slot, hour: showLimit(of.hour), day: showLimit(of.day) })),
    hours,
    zone: hours?.zone ?? rules.zone.name,
    opens_at: opensAt,
    next_at: later(roomAt(use, rules, now), opensAt ?? now),
  };
}
export type ShownPace = ReturnType<typeof showPace>;
export type ShownLimit = ReturnType<typeof whole>;

function showLimit(limit: Limit): ShownLimit | null {
  return Number.isFinite(limit.cap) ? whole(limit) : null;
}

function whole(limit: Limit) {
  return { cap: limit.cap, used: limit.used, left: limit.left(false), left_for_high: limit.left(true) };
}

function later(room: Date | null, open: Date): Date | null {
  return room && (room > open ? room : open);
}
