import { median, spread } from './statistics.js';

/** The result of one slice. */
export interface Slice {
  /** Number of the compared units: requests, rows or messages. */
  units: number;
  /** CPU seconds of the measured process, all its threads. */
  cpuSeconds: number;
  wallSeconds: number;
}

export interface Comparison {
  /** Median of the rounds' ratios of units per CPU second, A to B. */
  ratio: number;
  ratios: number[];
  spread: number;
  /** Medians of units per CPU second and per second. */
  a: Rates;
  b: Rates;
}
export interface Rates {
  perCpuSecond: number;
  perSecond: number;
}

/** Runs A B A B ..., so that a disturbance of the machine affects both. The first pair is the warm-up and isn't counted. */
export async function compare(
  rounds: number,
  a: (round: number) => Promise<Slice>,
  b: (round: number) => Promise<Slice>,
): Promise<Comparison> {
  const slices: { a: Slice; b: Slice }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const pair = { a: await a(round), b: await b(round) };
    if (round > 0) slices.push(pair);
  }
  const ratios = slices.map((pair) => perCpuSecond(pair.a) / perCpuSecond(pair.b));
  return {
    ratio: median(ratios),
    ratios,
    spread: spread(ratios),
    a: rates(slices.map((pair) => pair.a)),
    b: rates(slices.map((pair) => pair.b)),
  };
}

function perCpuSecond({ units, cpuSeconds }: Slice): number {
  return units / cpuSeconds;
}

function rates(slices: readonly Slice[]): Rates {
  return {
    perCpuSecond: median(slices.map(perCpuSecond)),
    perSecond: median(slices.map(({ units, wallSeconds }) => units / wallSeconds)),
  };
}
