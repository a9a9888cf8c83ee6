import { beforeEach, describe, expect, it } from '@jest/globals';
import { Quiet } from './quiet.js';

describe('the time in which a phone isn’t told again', () => {
  let quiet: Quiet;
  beforeEach(() => {
    quiet = new Quiet();
  });

  it('is none before the first event, and five seconds when the phone doesn’t pull', () => {
    expect(quiet.left(0)).toBe(0);
    quiet.told(0);
    expect([quiet.left(4999), quiet.left(5000)]).toEqual([1, 0]);
  });

  it('lets an answer arrive', () => {
    quiet.told(0);
    quiet.pulled({ served: 3, leased: 3, isFull: false }, 100);
    expect([quiet.left(1099), quiet.left(1100)]).toEqual([1, 0]);
  });

  it('is longer when the phone has as much as it takes', () => {
    quiet.pulled({ served: 100, leased: 100, isFull: true }, 0);
    expect(quiet.left(0)).toBe(5000);
  });

  it('doubles, up to twenty seconds, while a phone that was told gets nothing, and begins anew when it gets something', () => {
    const toldAndPulled = (leased: number) => {
      quiet.told(0);
      quiet.pulled({ served: 50 + leased, leased, isFull: false }, 0);
      return quiet.left(0);
    };
    expect([0, 0, 0, 0].map(toldAndPulled)).toEqual([5000, 10_000, 20_000, 20_000]);
    expect([1, 0].map(toldAndPulled)).toEqual([1000, 5000]);
  });

  it('isn’t made longer by pulls that nobody asked for', () => {
    for (let i = 0; i < 5; i++) quiet.pulled({ served: 0, leased: 0, isFull: false }, 0);
    expect(quiet.left(0)).toBe(0);
  });
});
