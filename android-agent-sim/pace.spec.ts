import { expect, test } from '@jest/globals';
import { Pace } from './pace.js';

function paceOf(perMinute: number): Pace {
  const pace = new Pace();
  pace.setRate(perMinute, 0);
  return pace;
}

test('one text, then none until its share of the minute has passed', () => {
  const pace = paceOf(30);
  expect(pace.available(10_000)).toBe(1);
  pace.spend(1, 10_000);
  expect(pace.available(11_999)).toBe(0);
  expect(pace.waitMs(11_999)).toBe(1);
  expect(pace.available(12_000)).toBe(1);
});

test('a text of several segments takes the time of all of them', () => {
  const pace = paceOf(30);
  pace.spend(5, 10_000);
  expect(pace.available(19_999)).toBe(0);
  expect(pace.available(20_000)).toBe(1);
});

test('a long pause is not caught up on beyond a second', () => {
  const pace = paceOf(600);
  pace.spend(1, 0);
  expect(pace.available(1_000_000)).toBe(10);
  pace.spend(10, 1_000_000);
  expect(pace.available(1_000_099)).toBe(0);
  expect(pace.available(1_000_100)).toBe(1);
});

test('no rate is no limit', () => {
  expect(paceOf(0).available(0)).toBe(Infinity);
  expect(paceOf(0).within(60)).toBe(Infinity);
});

test('what fits into a lease is at least one text', () => {
  expect(paceOf(30).within(60)).toBe(30);
  expect(paceOf(1).within(10)).toBe(1);
});
