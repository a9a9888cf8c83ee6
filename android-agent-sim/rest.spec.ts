import { expect, test } from '@jest/globals';
import { Rest } from './rest.js';

test('the rest after a refused text doubles up to a quarter of an hour, and a sent text ends it', () => {
  const rest = new Rest({ now: () => 1000, sleep: () => Promise.resolve() });
  expect(rest.leftMs(1000)).toBe(0);
  const minutes = Array.from({ length: 6 }, () => {
    rest.begin();
    return rest.leftMs(1000) / 60_000;
  });
  expect(minutes).toEqual([1, 2, 4, 8, 15, 15]);
  expect(rest.leftMs(1000 + 15 * 60_000)).toBe(0);
  rest.over();
  expect(rest.leftMs(1000)).toBe(0);
  rest.begin();
  expect(rest.leftMs(1000)).toBe(60_000);
});
