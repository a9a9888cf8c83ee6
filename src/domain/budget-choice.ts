import type { Limits } from './agent-budget.js';
import type { Limit, Weight } from './budget-limit.js';

export interface WaitingText extends Weight {
  /** The SIM that it has to leave by; null: any. */
  simSlot: number | null;
}
/** Null: the phone chooses the SIM. */
export interface Choice<T> {
  text: T;
  simSlot: number | null;
}

/** Which texts may leave now, in their order, `most` at most, and by which SIM. */
export function chooseTexts<T extends WaitingText>(
  waiting: readonly T[],
  most: number,
  limits: Limits,
  highOnly: boolean,
): Choice<T>[] {
  const chosen: Choice<T>[] = [];
  for (const text of waiting) {
    if (chosen.length === most) break;
    if (highOnly && !text.isHigh) continue;
    const { pace, hour, day } = limits;
    // One that is over its day's cap waits until tomorrow, and keeps no room until then.
    if (!day.fits(text)) continue;
    const simSlot = chooseSim(text, limits.sims);
    if (simSlot === undefined || !fitsInOrder(text, [pace, hour])) continue;
    const sim = simSlot === null ? undefined : limits.sims.get(simSlot);
    for (const limit of [pace, hour, day, ...(sim ? [sim.hour, sim.day] : [])]) limit.take(text.segments);
    chosen.push({ text, simSlot });
  }
  return chosen;
}

function fitsInOrder(text: Weight, limits: readonly Limit[]): boolean {
  const full = limits.filter((limit) => !limit.fits(text));
  for (const limit of full) limit.keepFor(text);
  return full.length === 0;
}

/**
 * The SIM asked for. Otherwise, when any has a cap, the one with most of its day left, then the one with the higher cap of an hour, then
 * the first. Undefined: none can send it now.
 */
function chooseSim(text: WaitingText, sims: Limits['sims']): number | null | undefined {
  const { simSlot: asked, isHigh } = text;
  if (asked !== null) {
    const sim = sims.get(asked);
    return !sim || (sim.day.fits(text) && fitsInOrder(text, [sim.hour])) ? asked : undefined;
  }
  const all = [...sims];
  if (!all.some(([, { hour, day }]) => Number.isFinite(hour.cap) || Number.isFinite(day.cap))) return null;
  const open = all.filter(([, { day }]) => day.fits(text));
  const fitting = open.filter(([, { hour }]) => hour.fits(text));
  if (fitting.length === 0) for (const [, { hour }] of open) hour.keepFor(text);
  const best = fitting.sort(
    ([, a], [, b]) => compare(b.day.left(isHigh), a.day.left(isHigh)) || compare(b.hour.cap, a.hour.cap),
  );
  return best[0]?.[0];
}

/** Infinity minus itself is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
