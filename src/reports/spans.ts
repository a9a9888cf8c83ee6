export const MINUTE_MILLIS = 60_000;
export const HOUR_MILLIS = 3_600_000;
export const DAY_MILLIS = 86_400_000;

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MILLIS) * HOUR_MILLIS);
}

export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MILLIS) * MINUTE_MILLIS);
}

export function later(at: Date, millis: number): Date {
  return new Date(at.getTime() + millis);
}
