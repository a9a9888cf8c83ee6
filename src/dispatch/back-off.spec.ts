import { expect, it } from '@jest/globals';
import { backOff } from './back-off.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const seconds = (...[delays, asked, chance]: [number, number | undefined, number]) =>
  (backOff(NOW, delays, asked, chance).getTime() - NOW.getTime()) / 1000;

it('doubles from a second to a quarter of an hour', () => {
  expect([0, 1, 2, 9, 10, 500].map((delays) => seconds(delays, undefined, 0))).toEqual([1, 2, 4, 512, 900, 900]);
});

it('is shortened by chance, by a half at most', () => {
  expect([seconds(3, undefined, 0.5), seconds(3, undefined, 1)]).toEqual([6, 4]);
});

it('is what the carrier asks for, within reason', () => {
  expect([seconds(5, 30, 1), seconds(0, 0, 1), seconds(0, 1e9, 1)]).toEqual([30, 1, 172_800]);
});
