import type { Sim } from './agent.js';

export interface ReportedSim {
  slot: number;
  number?: string | null | undefined;
  carrier?: string | null | undefined;
}

/** The SIMs a phone tells of, each with the cap that an administrator gave its slot. */
export function mergeSims(known: readonly Sim[], reported: readonly ReportedSim[] | undefined): Sim[] {
  if (!reported) return [...known];
  const bySlot = new Map<number, Sim>();
  for (const { slot, number, carrier } of reported) {
    const cap = known.find((sim) => sim.slot === slot)?.daily_cap ?? null;
    bySlot.set(slot, { slot, number: number ?? null, carrier: carrier ?? null, daily_cap: cap });
  }
  return [...bySlot.values()].sort((a, b) => a.slot - b.slot);
}
