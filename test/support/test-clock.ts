import { Clock } from '../../src/common/clock.js';

/**
 * A clock that stands still until a test moves it, far ahead of the machine's clock: both stores remove expired documents by the
 * machine's time, so if both clocks showed the same day, a test could lose documents while it runs.
 */
export class TestClock extends Clock {
  private current = new Date('2126-11-21T10:00:00.000Z');

  override now(): Date {
    return new Date(this.current);
  }
  set(iso: string): void {
    this.current = new Date(iso);
  }
  advance(seconds: number): void {
    this.current = new Date(this.current.getTime() + seconds * 1000);
  }
}
