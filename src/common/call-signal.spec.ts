import { getEventListeners } from 'node:events';
import { expect, it } from '@jest/globals';
import { withCallSignal } from './call-signal.js';

const ended = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    if (signal.aborted) resolve('ended');
    signal.addEventListener('abort', () => resolve('ended'));
  });

it('ends the work when its time is over, or when everything stops', async () => {
  const stopping = new AbortController();
  expect(await withCallSignal(1, stopping.signal, ended)).toBe('ended');
  const work = withCallSignal(60_000, stopping.signal, ended);
  stopping.abort();
  expect(await work).toBe('ended');
  expect(await withCallSignal(60_000, stopping.signal, ended)).toBe('ended');
});

it('leaves nothing behind at the signal that outlives it, also when the work fails', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) await withCallSignal(60_000, signal, () => Promise.resolve());
  await expect(withCallSignal(60_000, signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
