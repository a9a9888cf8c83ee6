import { describe, expect, it } from '@jest/globals';
import { quietUntil } from './quiet-hours.js';

const NIGHT = { from: '22:00', to: '07:00' };
const NOON = { from: '12:00', to: '13:30' };

type Row = [what: string, now: string, hours: { from: string; to: string }, zone: string, until: string | null];

describe('quiet hours', () => {
  it.each<Row>([
    ['before midnight', '2026-11-20T16:00:00Z', NIGHT, 'Asia/Ho_Chi_Minh', '2026-11-21T00:00:00Z'],
    ['after midnight', '2026-11-20T20:00:00Z', NIGHT, 'Asia/Ho_Chi_Minh', '2026-11-21T00:00:00Z'],
    ['at their first moment', '2026-11-20T15:00:00Z', NIGHT, 'Asia/Ho_Chi_Minh', '2026-11-21T00:00:00Z'],
    ['just before them', '2026-11-20T14:59:59.999Z', NIGHT, 'Asia/Ho_Chi_Minh', null],
    ['at their end, which is not one of them', '2026-11-21T00:00:00Z', NIGHT, 'Asia/Ho_Chi_Minh', null],
    ['within a day', '2026-11-20T12:59:00Z', NOON, 'UTC', '2026-11-20T13:30:00Z'],
    ['outside, within a day', '2026-11-20T14:00:00Z', NOON, 'UTC', null],
    ['until midnight', '2026-11-20T23:30:00Z', { from: '22:00', to: '00:00' }, 'UTC', '2026-11-21T00:00:00Z'],
    ['from midnight on', '2026-11-20T00:30:00Z', { from: '00:00', to: '06:00' }, 'UTC', '2026-11-20T06:00:00Z'],
    ['never, when they are empty', '2026-11-20T22:00:00Z', { from: '22:00', to: '22:00' }, 'UTC', null],
    ['in a zone of half hours', '2026-11-20T17:00:00Z', NIGHT, 'Asia/Kolkata', '2026-11-21T01:30:00Z'],
    ['in one of quarters', '2026-11-20T16:14:00Z', NIGHT, 'Asia/Kathmandu', null],
    ['in one of quarters, a minute later', '2026-11-20T16:15:00Z', NIGHT, 'Asia/Kathmandu', '2026-11-21T01:15:00Z'],
    ['over the end of a year', '2026-12-31T23:00:00Z', NIGHT, 'UTC', '2027-01-01T07:00:00Z'],
    // 29 March 2026: 02:00 becomes 03:00 in Berlin, which is 01:00 UTC.
    ['through a night of 23 hours', '2026-03-28T22:00:00Z', NIGHT, 'Europe/Berlin', '2026-03-29T05:00:00Z'],
    [
      'until a time that is skipped: until the clock changes',
      '2026-03-29T00:30:00Z',
      { from: '22:00', to: '02:30' },
      'Europe/Berlin',
      '2026-03-29T01:00:00Z',
    ],
    ['not after it', '2026-03-29T01:00:00Z', { from: '22:00', to: '02:30' }, 'Europe/Berlin', null],
    ['not before one', '2026-03-29T00:59:00Z', { from: '02:30', to: '05:00' }, 'Europe/Berlin', null],
    [
      'from a time that is skipped: from when the clock changes',
      '2026-03-29T01:00:00Z',
      { from: '02:30', to: '05:00' },
      'Europe/Berlin',
      '2026-03-29T03:00:00Z',
    ],
    // 1 November 2026: 02:00 becomes 01:00 in New York, which is 06:00 UTC.
    ['through a night of 25 hours', '2026-11-01T03:00:00Z', NIGHT, 'America/New_York', '2026-11-01T12:00:00Z'],
    [
      'until a time that exists twice: until its second',
      '2026-11-01T05:45:00Z',
      { from: '22:00', to: '01:30' },
      'America/New_York',
      '2026-11-01T06:30:00Z',
    ],
    [
      'from a time that exists twice: from its first',
      '2026-11-01T05:30:00Z',
      { from: '01:30', to: '06:00' },
      'America/New_York',
      '2026-11-01T11:00:00Z',
    ],
    ['not before its first', '2026-11-01T05:29:00Z', { from: '01:30', to: '06:00' }, 'America/New_York', null],
    // 4 October 2026: 02:00 becomes 02:30 on Lord Howe Island, which is 15:30 UTC of the day before.
    [
      'where the clock changes by half an hour',
      '2026-10-03T15:00:00Z',
      { from: '22:00', to: '02:15' },
      'Australia/Lord_Howe',
      '2026-10-03T15:30:00Z',
    ],
  ])('are %s', (_, now, hours, zone, until) => {
    expect(quietUntil(new Date(now), hours, zone)?.toISOString() ?? null).toBe(until && new Date(until).toISOString());
  });
});
