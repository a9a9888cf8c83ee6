import { describe, expect, it } from '@jest/globals';
import { grown, type HourCount } from './destination-growth.js';
import { HOUR_MILLIS } from './time.js';

const NOW = new Date('2126-11-21T10:30:00Z');
/** `n` texts so many hours before this hour. */
const ago = (hours: number, n: number, destination = '+4479'): HourCount => ({
  at: new Date(Date.parse('2126-11-21T10:00:00Z') - hours * HOUR_MILLIS),
  destination,
  n,
});

describe('a destination that grows', () => {
  it('gets ten times as many texts as on a day of its week, and a hundred at least', () => {
    const week = Array.from({ length: 7 }, (_, day) => ago(24 * (day + 1), 10));
    expect(grown([...week, ago(0, 99)], NOW)).toEqual([]);
    expect(grown([...week, ago(0, 100)], NOW)).toEqual([{ destination: '+4479', today: 100, usual: 10 }]);
    expect(grown([...week, ago(30, 7), ago(0, 109)], NOW)).toEqual([]);
    expect(grown([...week, ago(30, 7), ago(0, 110)], NOW)).toMatchObject([{ today: 110, usual: 11 }]);
    expect(grown([ago(0, 99)], NOW)).toEqual([]);
    expect(grown([ago(0, 100)], NOW)).toMatchObject([{ today: 100, usual: 0 }]);
  });

  it('is looked at over the last 24 hours and the seven days before them', () => {
    expect(grown([ago(0, 50), ago(23, 50)], NOW)).toMatchObject([{ today: 100 }]);
    expect(grown([ago(0, 50), ago(24, 50)], NOW)).toEqual([]);
    expect(grown([ago(0, 100), ago(24 + 167, 700)], NOW)).toEqual([]);
    expect(grown([ago(0, 100), ago(24 + 168, 700)], NOW)).toHaveLength(1);
  });

  it('is one of several, each by itself', () => {
    expect(grown([ago(0, 99, '+4479'), ago(0, 99, '+4478'), ago(0, 100, '+35567')], NOW)).toMatchObject([
      { destination: '+35567' },
    ]);
  });
});
