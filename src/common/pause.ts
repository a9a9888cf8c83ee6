import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

/** Delays an answer on purpose. Injected, so that a test decides when the delay ends. */
@Injectable()
export class Pause {
  for(millis: number): Promise<void> {
    return sleep(millis);
  }

  /** As long, or until the signal is given. */
  until(signal: AbortSignal, millis: number): Promise<void> {
    return pause(millis, signal);
  }
}

/** So long, or until the signal is given. */
export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(millis, undefined, { signal }).catch(() => undefined);
}
