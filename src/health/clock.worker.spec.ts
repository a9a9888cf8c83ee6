import { expect, it } from '@jest/globals';
import { stepsOf } from './clock.worker.js';

it('tells each step of the wall clock once, and no drift', () => {
  let wall = 1_000_000;
  let monotonic = 500;
  const steps = stepsOf(
    () => wall,
    () => monotonic,
  );
  const pass = (millis: number, set = 0) => {
    monotonic += millis;
    wall += millis + set;
    return steps();
  };
  expect(pass(5000)).toBe(0);
  expect(pass(5000, 300)).toBe(0);
  expect(pass(5000, -3_600_000)).toBe(-3_600_000);
  expect(pass(5000)).toBe(0);
  expect(pass(5000, 60_000)).toBe(60_000);
  expect(pass(5000)).toBe(0);
});
