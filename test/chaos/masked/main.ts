import { mainSteps, type StepArgs } from '../steps/step-main.js';
import { runMaskedChaos } from './chaos.js';
import { MASKED_FAULT_POINTS } from './fault-points.js';

/** `npm run chaos -- --masked`. Answers the exit code. */
export function mainMasked(args: StepArgs, say: (line: string) => void): Promise<number> {
  const counted = ({ opened, texts }: { opened: number; texts: number }) =>
    `${opened} sessions known, ${texts} texts sent`;
  return mainSteps(args, MASKED_FAULT_POINTS, runMaskedChaos, counted, say);
}
