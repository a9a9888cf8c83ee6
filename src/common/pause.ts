import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lets a caller wait on purpose. Injected, so that a test says when the time is over. */
@Injectable()
export class Pause {
  for(millis: number): Promise<void> {
    return sleep(millis);
  }
}
