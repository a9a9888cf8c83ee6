import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets other work run during a long computation, at the latest after each `sliceMillis`. */
export class TimeSlice {
  private since = performance.now();

  constructor(private readonly sliceMillis = 4) {}

  get isOver(): boolean {
    return performance.now() - this.since >= this.sliceMillis;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
