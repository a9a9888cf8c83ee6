/** The only source of the time, so that tests can hold it still and move it. */
export class Clock {
  now(): Date {
    return new Date();
  }
}
