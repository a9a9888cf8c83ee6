import { describe, expect, it } from '@jest/globals';
import { idMaker, idTime } from './ids.js';

describe('ids', () => {
  const START = Date.UTC(2026, 10, 25, 12);
  let now = START;
  const next = idMaker('req', () => new Date(now));
  const make = (count: number) => Array.from({ length: count }, next);

  it('are in strict order, also within a millisecond and when the clock is corrected a little', () => {
    const ids = make(100);
    now += 5;
    ids.push(...make(100));
    now -= 900;
    ids.push(...make(100));
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('follow a clock that is set back or ahead, and are in order from then on', () => {
    const before = make(10);
    now = START - 3_600_000;
    const back = make(10);
    expect(back.map((id) => idTime(id).getTime())).toEqual(Array(10).fill(now));
    expect(back).toEqual([...new Set(back)].sort());
    now = START + 3_600_000;
    const ahead = make(10);
    expect(idTime(ahead[0]!).getTime()).toBe(now);
    expect(new Set([...before, ...back, ...ahead]).size).toBe(30);
  });
});
