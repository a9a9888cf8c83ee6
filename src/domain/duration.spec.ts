import { describe, expect, it } from '@jest/globals';
import { durationSeconds } from './duration.js';

describe('a duration', () => {
  it.each([
    ['PT10M', 600],
    ['PT0M', 0],
    ['P1DT1H', 90_000],
    ['PT1.5M', 90],
    ['90', 5400],
    ['0', 0],
    ['PT0S', 0],
  ])('of %s has %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', 'ten minutes', '10M', 'P', 'PT', '-PT10M', 'PT-10M', 'P9999Y', '1.5', '99999999'])(
    'is not %j',
    (text) => {
      expect(durationSeconds(text)).toBeNull();
    },
  );
});
