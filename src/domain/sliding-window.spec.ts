import { describe, expect, it } from '@jest/globals';
import { freeAt, giveBackTo, takeFrom, takenIn, type Slices } from './sliding-window.js';

const window = { millis: 300_000, capacity: 5 };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000);

describe('sliding window', () => {
  it('counts what is more than its capacity in the windows that follow', () => {
    const slices = takeFrom([], window, at(0), 12);
    expect([0, 299, 310, 599, 610, 899, 910].map((seconds) => takenIn(slices, window, at(seconds)))).toEqual([
      12, 12, 7, 7, 2, 2, 0,
    ]);
  });

  it('gives back the newest first', () => {
    const slices = takeFrom(takeFrom([], window, at(0), 3), window, at(100), 2);
    const left = giveBackTo(slices, window, at(110), 4);
    expect(takenIn(left, window, at(110))).toBe(1);
    expect(takenIn(left, window, at(310))).toBe(0);
    expect(giveBackTo(slices, window, at(110), 9)).toEqual([]);
  });

  it('says when it is free', () => {
    const slices = takeFrom(takeFrom([], window, at(0), 3), window, at(100), 2);
    const free = (most: number) => freeAt(slices, window, at(120), most);
    expect([free(5), free(4), free(2), free(1), free(0), free(-1)]).toEqual([
      at(120),
      at(310),
      at(310),
      at(410),
      at(410),
      null,
    ]);
    for (const most of [0, 2]) expect(takenIn(slices, window, free(most)!)).toBeLessThanOrEqual(most);
  });

  it('never has more than its capacity, whatever the steps, and uses most of it', () => {
    let slices: Slices = [];
    const taken: [number, number][] = [];
    for (let second = 0; second < 3000; second += 7) {
      const room = Math.min(2, window.capacity - takenIn(slices, window, at(second)));
      if (room <= 0) continue;
      slices = takeFrom(slices, window, at(second), room);
      taken.push([second, room]);
    }
    const within = (from: number) =>
      taken.filter(([second]) => second >= from && second < from + 300).reduce((sum, [, n]) => sum + n, 0);
    for (const [second] of taken) expect(within(second)).toBeLessThanOrEqual(window.capacity);
    expect(taken.reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThanOrEqual(45);
    expect(slices.length).toBeLessThanOrEqual(31);
  });
});
