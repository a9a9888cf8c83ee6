import { expect, it } from '@jest/globals';
import { Rate } from './rate.js';

it('lets a second of texts go at once, then one after the other', () => {
  let now = 0;
  const rate = new Rate(5, () => now);
  expect(rate.room).toBe(5);
  rate.take(5);
  expect([rate.room, rate.wait]).toEqual([0, 200]);
  now = 199;
  expect([rate.room, rate.wait]).toEqual([0, 1]);
  now = 400;
  expect(rate.room).toBe(2);
  now = 60_000;
  expect(rate.room).toBe(5);
});

it('can be slower than one a second, and changed', () => {
  let now = 0;
  const rate = new Rate(0.5, () => now);
  rate.take(1);
  expect(rate.wait).toBe(2000);
  now = 2000;
  expect(rate.room).toBe(1);
  rate.set(10);
  now = 2500;
  expect(rate.room).toBe(6);
  rate.set(1);
  expect(rate.room).toBe(1);
});
