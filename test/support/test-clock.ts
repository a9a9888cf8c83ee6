import { Clock } from '../../src/common/clock.js';

/**
 * A clock that stands still until a test moves it, far ahead of the machine's: both stores remove what has expired by the machine's
 * time, so a test about something that expires would lose it halfway on the day that its clock stands at.
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
