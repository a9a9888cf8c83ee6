import { runMaskedChaos } from './chaos.js';
import { MASKED_FAULT_POINTS } from './fault-points.js';
import type { StoreKind } from '../store-under-test.js';

/** `npm run chaos -- --masked`. Answers the exit code. */
export async function mainMasked(
  { store, seed, kills, points }: { store: StoreKind; seed: number; kills: number; points: string },
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now();
  const { wrong, deaths, reached, opened, texts } = await runMaskedChaos({
    store,
    seed,
    kills,
    points: pointsNamed(points),
    life: [200, 2500],
    log: say,
  });
  for (const line of wrong.slice(0, 20)) say(`  BROKEN: ${line}`);
  say(
    `${deaths} deaths in ${Math.round((performance.now() - began) / 1000)} s, ${reached.length} of them at named writes: ` +
      `${opened} sessions known, ${texts} texts sent; ` +
      (wrong.length === 0 ? 'every promise was kept' : `${wrong.length} promises were broken (seed ${seed})`),
  );
  return wrong.length === 0 ? 0 : 1;
}

function pointsNamed(names: string) {
  if (names === 'all' || names === 'every') return MASKED_FAULT_POINTS;
  if (names === 'none') return [];
  return names.split(',').map((name) => MASKED_FAULT_POINTS.find((known) => known.name === name) ?? { name });
}
