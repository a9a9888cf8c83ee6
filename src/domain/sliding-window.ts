/** What was taken, by slices of time: the start of each in milliseconds. */
export type Slices = readonly (readonly [start: number, taken: number])[];

/** No more than `capacity` within `millis`. It moves in slices of a thirtieth, rounded against who takes. */
export interface SlidingWindow {
  millis: number;
  capacity: number;
}

const SLICES = 30;

export function takenIn(slices: Slices, window: SlidingWindow, now: Date): number {
  return recent(slices, window, now).reduce((sum, [, taken]) => sum + taken, 0);
}

/** What is more than the capacity counts in the windows that follow, so that in the long run no more is taken than they allow. */
export function takeFrom(slices: Slices, window: SlidingWindow, now: Date, count: number): Slices {
  const taken = new Map(recent(slices, window, now));
  const size = sliceMillis(window);
  let start = Math.floor(now.getTime() / size) * size;
  for (let left = count; left > 0; left -= window.capacity, start += window.millis) {
    taken.set(start, (taken.get(start) ?? 0) + Math.min(left, window.capacity));
  }
  return [...taken].sort(([a], [b]) => a - b);
}

/** The newest first. */
export function giveBackTo(slices: Slices, window: SlidingWindow, now: Date, count: number): Slices {
  let left = count;
  const kept = recent(slices, window, now)
    .toReversed()
    .map(([start, taken]): [number, number] => {
      const back = Math.min(taken, left);
      left -= back;
      return [start, taken - back];
    });
  return kept.toReversed().filter(([, taken]) => taken > 0);
}

/** When no more than `most` is taken in it, if nothing more is taken until then; null: never. */
export function freeAt(slices: Slices, window: SlidingWindow, now: Date, most: number): Date | null {
  if (most < 0) return null;
  let taken = takenIn(slices, window, now);
  if (taken <= most) return now;
  for (const [start, count] of recent(slices, window, now)) {
    taken -= count;
    if (taken <= most) return new Date(start + sliceMillis(window) + window.millis);
  }
  return now;
}

function sliceMillis({ millis }: SlidingWindow): number {
  return Math.max(1, Math.floor(millis / SLICES));
}

function recent(slices: Slices, window: SlidingWindow, now: Date): Slices {
  const horizon = now.getTime() - window.millis;
  return slices.filter(([start]) => start + sliceMillis(window) > horizon);
}
