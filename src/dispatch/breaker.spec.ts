import { describe, expect, it } from '@jest/globals';
import { Breaker } from './breaker.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21) + seconds * 1000);
function failing(times: number, breaker = new Breaker(), seconds = 0): Breaker {
  for (let i = 0; i < times; i++) breaker.failed(at(seconds), 'HTTP 503');
  return breaker;
}

describe('a breaker', () => {
  it('parks an account after five failures in a row, for half a minute', () => {
    const breaker = failing(4);
    expect(breaker.state(at(0))).toBeNull();
    breaker.failed(at(1), 'HTTP 503');
    expect(breaker.state(at(1))).toEqual({ since: at(1), until: at(31), reason: 'HTTP 503' });
    expect([breaker.room(at(30), 0), breaker.room(at(31), 0)]).toEqual([0, 1]);
  });

  it('begins to count anew after a success', () => {
    const breaker = failing(4);
    breaker.succeeded();
    expect(failing(4, breaker).state(at(0))).toBeNull();
  });

  it('lets one call try the account, and doubles the pause when that fails, up to a quarter of an hour', () => {
    const breaker = failing(5);
    expect(breaker.room(at(30), 1)).toBe(0);
    breaker.failed(at(30), 'HTTP 503');
    expect(breaker.state(at(30))).toMatchObject({ since: at(0), until: at(90) });
    for (let i = 0; i < 8; i++) breaker.failed(breaker.trouble!.until, 'HTTP 503');
    expect(breaker.trouble!.until.getTime() - breaker.trouble!.since.getTime()).toBe(
      (30 + 60 + 120 + 240 + 480 + 900 * 5) * 1000,
    );
    breaker.succeeded();
    expect([breaker.trouble, breaker.room(at(0), 50)]).toEqual([null, Infinity]);
  });

  it('is not parked longer by calls that were under way', () => {
    const breaker = failing(12);
    expect(breaker.state(at(0))!.until).toEqual(at(30));
  });
});
