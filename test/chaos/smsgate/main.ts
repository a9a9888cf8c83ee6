import { mainSteps, type StepArgs } from '../steps/step-main.js';
import { runSmsgateChaos } from './chaos.js';
import { SMSGATE_FAULT_POINTS } from './fault-points.js';

/** `npm run chaos -- --smsgate`. Answers the exit code. */
export function mainSmsgate(args: StepArgs, say: (line: string) => void): Promise<number> {
  const counted = ({ accepted, sent, phones }: { accepted: number; sent: number; phones: number }) =>
    `${accepted} texts accepted, ${sent} sent by ${phones} phones`;
  return mainSteps(args, SMSGATE_FAULT_POINTS, runSmsgateChaos, counted, say);
}
