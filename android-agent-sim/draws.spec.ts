import { expect, test } from '@jest/globals';
import { Backoff } from './backoff.js';
import { draw, type RadioOptions } from './draws.js';
import { seededRandom } from './random.js';

const options: RadioOptions = {
  latency: [100, 900],
  deliveryLatency: [500, 2000],
  failure: 0.3,
  delivery: 0.8,
  inbound: 0.5,
};

function fates(seed: number, phone: number, with_: Partial<RadioOptions> = {}) {
  const random = seededRandom(seed, phone, 'radio');
  return Array.from({ length: 1000 }, () => draw(random, { ...options, ...with_ }));
}

test('the same seed draws the same fates; another seed or phone draws others', () => {
  expect(fates(7, 0)).toEqual(fates(7, 0));
  expect(fates(8, 0)).not.toEqual(fates(7, 0));
  expect(fates(7, 1)).not.toEqual(fates(7, 0));
});

test('the shares and the bounds are kept', () => {
  const all = fates(7, 0);
  const failed = all.filter(({ error }) => error);
  const delivered = all.filter(({ deliveryMs }) => deliveryMs !== undefined);
  expect(Math.abs(failed.length / all.length - 0.3)).toBeLessThan(0.05);
  expect(Math.abs(delivered.length / (all.length - failed.length) - 0.8)).toBeLessThan(0.05);
  expect(all.every(({ latencyMs }) => latencyMs >= 100 && latencyMs <= 900)).toBe(true);
  expect(failed.every(({ deliveryMs, replies }) => deliveryMs === undefined && !replies)).toBe(true);
});

test('a share of 0 never happens and a share of 1 always does', () => {
  expect(fates(7, 0, { failure: 0 }).some(({ error }) => error)).toBe(false);
  expect(fates(7, 0, { failure: 1 }).every(({ error }) => error)).toBe(true);
});

test('another failure rate does not change the latencies of later texts', () => {
  const latencies = (failure: number) => fates(7, 0, { failure }).map(({ latencyMs }) => latencyMs);
  expect(latencies(0)).toEqual(latencies(1));
});

test('the back-off doubles from half a second to fifteen, within a fifth, and Retry-After wins', () => {
  const backoff = new Backoff(seededRandom(1, 0, 'jitter'));
  const waits = Array.from({ length: 10 }, () => backoff.nextMs());
  [500, 1000, 2000, 4000, 8000, 15_000, 15_000].forEach((base, i) => {
    expect(waits[i]).toBeGreaterThanOrEqual(base * 0.8);
    expect(waits[i]).toBeLessThanOrEqual(Math.min(base * 1.2, 15_000));
  });
  backoff.reset();
  expect(backoff.nextMs(60_000)).toBe(60_000);
  expect(backoff.nextMs()).toBeLessThan(1300);
});
