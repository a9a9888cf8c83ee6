import type { FaultPoint } from '../fault-points.js';
import type { StoreKind } from '../store-under-test.js';
import type { StepOptions, StepResult } from './step-chaos.js';

export interface StepArgs {
  store: StoreKind;
  seed: number;
  kills: number;
  points: string;
}

/** Runs a chaos between the steps of something for a command. Answers the exit code. */
export async function mainSteps<R extends StepResult>(
  { store, seed, kills, points }: StepArgs,
  known: readonly FaultPoint[],
  run: (options: StepOptions) => Promise<R>,
  counted: (result: R) => string,
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now();
  const named = points === 'every' ? known : pointsNamed(points, known);
  const result = await run({ store, seed, kills, points: named, life: [200, 2500], log: say });
  const { wrong, deaths, reached } = result;
  for (const line of wrong.slice(0, 20)) say(`  BROKEN: ${line}`);
  say(
    `${deaths} deaths in ${Math.round((performance.now() - began) / 1000)} s, ${reached.length} of them at named writes: ` +
      `${counted(result)}; ` +
      (wrong.length === 0 ? 'every promise was kept' : `${wrong.length} promises were broken (seed ${seed})`),
  );
  return wrong.length === 0 ? 0 : 1;
}

/** `all`, `none`, or names. */
export function pointsNamed(names: string, known: readonly FaultPoint[]): readonly FaultPoint[] {
  if (names === 'all') return known;
  if (names === 'none') return [];
  return names.split(',').map((name) => known.find((one) => one.name === name) ?? { name });
}
