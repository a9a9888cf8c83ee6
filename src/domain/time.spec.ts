import { describe, expect, it } from '@jest/globals';
import { IANAZone } from 'luxon';
import {
  dayOf,
  isoIn,
  isTimeZone,
  isWholeDay,
  nextMidnight,
  offsetZone,
  parseTimestamp,
  plusDays,
  utcDay,
  zoneOf,
} from './time.js';

describe('time', () => {
  it.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T10:00:00+07:00', '2026-11-21T03:00:00.000Z'],
    ['2026-11-21T10:00:00 07:00', '2026-11-21T03:00:00.000Z'],
    ['2026-11-21T10:00:00.123456-0530', '2026-11-21T15:30:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-11-21t10:00:00z', '2026-11-21T10:00:00.000Z'],
  ])('reads %j', (text, iso) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(iso);
  });

  it.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21T24:00',
    '2026-11-21T25:00',
    '2026-W47-6',
    '20261121',
    '2026-11-21T10:00:00[Asia/Ho_Chi_Minh]',
    '2026-11-21T10:00+25:00',
    '1700000000',
    '21/11/2026',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('knows the UTC day and its end', () => {
    const at = new Date('2026-11-21T23:59:59.999Z');
    expect(utcDay(at)).toBe('2026-11-21');
    expect(nextMidnight(at).toISOString()).toBe('2026-11-22T00:00:00.000Z');
  });

  it('a day and a time without a zone are of the one asked for', () => {
    const zone = offsetZone('+07:00')!;
    expect(parseTimestamp('2026-11-21', zone)?.toISOString()).toBe('2026-11-20T17:00:00.000Z');
    expect(parseTimestamp('2026-11-21T10:00Z', zone)?.toISOString()).toBe('2026-11-21T10:00:00.000Z');
    expect([isWholeDay(' 2026-11-21 '), isWholeDay('2026-11-21T10:00')]).toEqual([true, false]);
  });

  it.each([
    ['Z', 0],
    ['utc', 0],
    ['+07:00', 420],
    [' 07:00', 420],
    ['7', 420],
    ['-0530', -330],
    ['+14', 840],
  ])('reads the offset %j', (text, minutes) => {
    expect(offsetZone(text)?.offset(0)).toBe(minutes);
  });

  it.each(['', '+15', '07:60', '7.5', 'Asia/Ho_Chi_Minh', '+7:0'])('refuses the offset %j', (text) => {
    expect(offsetZone(text)).toBeNull();
  });

  it.each<[string, boolean]>([
    ['Asia/Ho_Chi_Minh', true],
    ['UTC', true],
    ['+07:00', false],
    ['Asia/Saigonn', false],
    ['', false],
  ])('knows whether %j is the name of a zone', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });

  it.each([
    ['Asia/Kathmandu', 345],
    ['asia/kolkata', 330],
    ['+05:30', 330],
    ['z', 0],
  ])('reads the zone %j', (text, minutes) => {
    expect(zoneOf(text)?.offset(Date.parse('2026-11-21T00:00:00Z'))).toBe(minutes);
  });

  it.each(['', 'Asia/Saigonn', 'local', '+15', 'GMT+7 or so'])('refuses the zone %j', (text) => {
    expect(zoneOf(text)).toBeNull();
  });

  it('days are as long as their zone makes them', () => {
    const zone = IANAZone.create('America/New_York');
    const before = new Date('2026-11-01T05:00:00Z');
    expect([dayOf(before, zone), isoIn(before, zone)]).toEqual(['2026-11-01', '2026-11-01T01:00:00-04:00']);
    expect(nextMidnight(before, zone).toISOString()).toBe('2026-11-02T05:00:00.000Z');
    expect(isoIn(plusDays(before, 1, zone), zone)).toBe('2026-11-02T01:00:00-05:00');
  });
});
