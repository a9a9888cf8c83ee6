import { mainSteps, type StepArgs } from '../steps/step-main.js';
import { runNotificationChaos } from './chaos.js';
import { NOTIFICATION_FAULT_POINTS } from './fault-points.js';

/** `npm run chaos -- --notifications`. Answers the exit code. */
export function mainNotifications(args: StepArgs, say: (line: string) => void): Promise<number> {
  const counted = ({ told, handed }: { told: number; handed: number }) =>
    `${told} notifications, ${handed} texts handed over`;
  return mainSteps(args, NOTIFICATION_FAULT_POINTS, runNotificationChaos, counted, say);
}
