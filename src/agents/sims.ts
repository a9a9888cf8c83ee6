/** A SIM as the phone tells of it. */
export interface ToldSim {
  slot: number;
  number: string | null;
  carrier: string | null;
}
/** Segments that an administrator allows a slot. */
export type SimCaps = Readonly<Record<string, number>>;

export interface Sim extends ToldSim {
  /** Segments per day. Null: no cap. */
  daily_cap: number | null;
  /** Segments within an hour. Null: the default of the phone's protocol. */
  hourly_cap: number | null;
}

export interface ReportedSim {
  slot: number;
  number?: string | null | undefined;
  carrier?: string | null | undefined;
}

interface WithSims {
  sims: readonly ToldSim[];
  sim_caps?: SimCaps;
  sim_hourly_caps?: SimCaps;
}

/**
 * What is shown of a phone's SIMs and what it sends by: those that it tells of, with their caps. One that tells of none (an app that may
 * not look at them) is taken to have those that have a cap, since a cap that a phone could talk away would be none.
 */
export function simsOf({ sims, sim_caps: daily = {}, sim_hourly_caps: hourly = {} }: WithSims): Sim[] {
  const capped = new Set([...Object.keys(daily), ...Object.keys(hourly)].map(Number));
  const all = sims.length > 0 ? sims : toldSims([...capped].map((slot) => ({ slot })));
  return all.map(({ slot, number, carrier }) => {
    return { slot, number, carrier, daily_cap: daily[slot] ?? null, hourly_cap: hourly[slot] ?? null };
  });
}

/** In the order of their slots; of two in one slot the later counts. */
export function toldSims(reported: readonly ReportedSim[]): ToldSim[] {
  const bySlot = new Map(reported.map((sim) => [sim.slot, sim]));
  return [...bySlot.values()]
    .sort((a, b) => a.slot - b.slot)
    .map(({ slot, number, carrier }) => ({ slot, number: number ?? null, carrier: carrier ?? null }));
}
