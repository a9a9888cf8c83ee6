import { describe, expect, it } from '@jest/globals';
import { closedUntil, WEEKDAYS, type Weekday } from './working-hours.js';

const WEEK: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const hours = (from: string, to: string, days: readonly Weekday[] = WEEKDAYS, zone = 'UTC') => ({
  from,
  to,
  days,
  zone,
});

/** 21 November 2026 is a Saturday. */
describe('working hours', () => {
  it.each<[string, string, ReturnType<typeof hours>, string | null]>([
    ['inside', '2026-11-20T01:00:00Z', hours('08:00', '20:00', WEEK, 'Asia/Ho_Chi_Minh'), null],
    ['at the first moment', '2026-11-20T08:00:00Z', hours('08:00', '20:00'), null],
    ['just before it', '2026-11-20T07:59:59.999Z', hours('08:00', '20:00'), '2026-11-20T08:00:00Z'],
    ['at the end, which is outside', '2026-11-20T20:00:00Z', hours('08:00', '20:00'), '2026-11-21T08:00:00Z'],
    ['over a weekend', '2026-11-20T20:00:00Z', hours('08:00', '20:00', WEEK), '2026-11-23T08:00:00Z'],
    ['on the one day', '2026-11-22T10:00:00Z', hours('08:00', '20:00', ['sun']), null],
    [
      'until the one day of next week',
      '2026-11-22T20:00:00Z',
      hours('08:00', '20:00', ['sun']),
      '2026-11-29T08:00:00Z',
    ],
    ['over midnight', '2026-11-21T03:00:00Z', hours('20:00', '04:00', ['fri']), null],
    ['after it', '2026-11-21T04:00:00Z', hours('20:00', '04:00', ['fri']), '2026-11-27T20:00:00Z'],
    [
      'the morning belongs to the day before',
      '2026-11-20T03:00:00Z',
      hours('20:00', '04:00', ['fri']),
      '2026-11-20T20:00:00Z',
    ],
    ['whole days', '2026-11-20T23:59:59Z', hours('00:00', '00:00', WEEK), null],
    ['not the next', '2026-11-21T00:00:00Z', hours('00:00', '00:00', WEEK), '2026-11-23T00:00:00Z'],
    [
      'days of their own zone',
      '2026-11-20T18:00:00Z',
      hours('00:00', '00:00', WEEK, 'Asia/Ho_Chi_Minh'),
      '2026-11-22T17:00:00Z',
    ],
    // 29 March 2026: 02:00 becomes 03:00 in Berlin, which is 01:00 UTC.
    [
      'from a time that is skipped',
      '2026-03-29T00:30:00Z',
      hours('02:30', '05:00', WEEKDAYS, 'Europe/Berlin'),
      '2026-03-29T01:00:00Z',
    ],
    [
      'the day after the clock went forward',
      '2026-03-28T19:00:00Z',
      hours('08:00', '20:00', WEEKDAYS, 'Europe/Berlin'),
      '2026-03-29T06:00:00Z',
    ],
    // 1 November 2026: 02:00 becomes 01:00 in New York, which is 06:00 UTC.
    [
      'until a time that exists twice',
      '2026-11-01T06:29:00Z',
      hours('22:00', '01:30', WEEKDAYS, 'America/New_York'),
      null,
    ],
    [
      'the day after the clock went back',
      '2026-11-01T00:00:00Z',
      hours('08:00', '20:00', WEEKDAYS, 'America/New_York'),
      '2026-11-01T13:00:00Z',
    ],
    ['always', '2026-11-01T05:59:00Z', hours('00:00', '00:00', WEEKDAYS, 'America/New_York'), null],
  ])('%s', (_, now, of, until) => {
    expect(closedUntil(new Date(now), of)?.toISOString() ?? null).toBe(until && new Date(until).toISOString());
  });
});
