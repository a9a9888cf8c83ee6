import { describe, expect, it } from '@jest/globals';
import { nextUtcMidnight, parseTimestamp, utcDay } from './timestamp.js';

describe('timestamp', () => {
  it.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T10:00:00+07:00', '2026-11-21T03:00:00.000Z'],
    ['2026-11-21T10:00:00 07:00', '2026-11-21T03:00:00.000Z'],
    ['2026-11-21T10:00:00.123456-0530', '2026-11-21T15:30:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %j', (text, iso) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(iso);
  });

  it.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21T25:00',
    '2026-11-21T10:00+25:00',
    '1700000000',
    '21/11/2026',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('knows the UTC day and its end', () => {
    const at = new Date('2026-11-21T23:59:59.999Z');
    expect(utcDay(at)).toBe('2026-11-21');
    expect(nextUtcMidnight(at).toISOString()).toBe('2026-11-22T00:00:00.000Z');
  });
});
