/** The only source of the time, so that tests can stop it and move it. */
export class Clock {
  now(): Date {
    return new Date();
  }
}
