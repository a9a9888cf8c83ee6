import { Injectable, Logger } from '@nestjs/common';
import { Workers } from '../workers/workers.js';

const EVERY_MILLIS = 5000;
/** NTP corrects smaller differences by slewing. */
const STEP_MILLIS = 1000;

/** Logs a step of the machine's clock: leases, expiry and limits depend on the clock, so a step explains what happens to them. */
@Injectable()
export class ClockWorker {
  private readonly logger = new Logger(ClockWorker.name);
  private readonly steps = stepsOf(Date.now, () => performance.now());

  constructor(workers: Workers) {
    workers.register({
      name: 'clock',
      everyMillis: EVERY_MILLIS,
      inEachGateway: true,
      work: () => this.look(),
    });
  }

  private async look(): Promise<void> {
    const step = this.steps();
    if (step === 0) return;
    const direction = step > 0 ? 'ahead' : 'back';
    this.logger.warn(`the clock of this machine was set ${direction} by ${Math.abs(step) / 1000} s`);
  }
}

/** Returns by how many milliseconds the wall clock was set since the last call, each step once; 0 when it was not set. */
export function stepsOf(wall: () => number, monotonic: () => number): () => number {
  let offset = wall() - monotonic();
  return () => {
    const now = wall() - monotonic();
    const step = Math.round(now - offset);
    offset = now;
    return Math.abs(step) < STEP_MILLIS ? 0 : step;
  };
}
