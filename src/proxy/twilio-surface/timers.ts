import { invalidField } from '../../common/errors.js';
import { durationSeconds } from '../../domain/duration.js';

/** The limits of the service that the source system stood on, in seconds. */
const SHORTEST = { inactive: 60, closed: 600 } as const;

/** Seconds of a timer; undefined: never. @throws ApiError 400 */
export function timerSeconds(which: keyof typeof SHORTEST, text: string): number | undefined {
  const seconds = durationSeconds(text);
  const shortest = SHORTEST[which];
  if (seconds === null || (seconds > 0 && seconds < shortest))
    throw invalidField(
      `timers.${which}`,
      `must be an ISO 8601 duration of PT${shortest / 60}M or more, or PT0M for never`,
    );
  return seconds === 0 ? undefined : seconds;
}
