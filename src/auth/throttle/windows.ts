import type { Hits } from './throttle-storage.js';

export interface Window<T> {
  begins: number;
  ends: number;
  /** The state of each key. */
  keys: Map<string, T>;
}

/** The present window of each length. All keys of an earlier window are dropped together, so no sweep is needed. */
export class Windows<T> {
  private readonly present = new Map<number, Window<T>>();

  /** A clock that is set back begins a new window, so that nobody waits through the same hour twice. */
  at(now: number, length: number): Window<T> {
    const begins = now - (now % length);
    let window = this.present.get(length);
    if (window?.begins !== begins)
      this.present.set(length, (window = { begins, ends: begins + length, keys: new Map() }));
    return window;
  }
}

export function toHits(totalHits: number, isBlocked: boolean, now: number, window: Window<unknown>): Hits {
  const left = Math.ceil((window.ends - now) / 1000);
  return { totalHits, timeToExpire: left, isBlocked, timeToBlockExpire: isBlocked ? left : 0 };
}
