import { describe, expect, it } from '@jest/globals';
import { ShortCache } from './short-cache.js';

describe('a short memory', () => {
  it('reads a key once until it is forgotten', async () => {
    let reads = 0;
    const cache = new ShortCache(() => Promise.resolve({ read: ++reads }));
    expect([await cache.get('a'), await cache.get('a')]).toEqual([{ read: 1 }, { read: 1 }]);
    cache.forget('a');
    expect(await cache.get('a')).toEqual({ read: 2 });
    cache.forgetWhere(({ read }) => read === 2);
    expect(await cache.get('a')).toEqual({ read: 3 });
  });

  it('remembers nothing that does not exist', async () => {
    const found = [null, { name: 'late' }];
    const cache = new ShortCache(() => Promise.resolve(found.shift()!));
    expect(await cache.get('a')).toBeNull();
    expect(await cache.get('a')).toEqual({ name: 'late' });
  });

  it('does not keep what was read before it was told to forget', async () => {
    let answer = (_: { version: number }): void => undefined;
    const cache = new ShortCache(() => new Promise<{ version: number }>((resolve) => (answer = resolve)));
    const early = cache.get('a');
    cache.forget('a');
    answer({ version: 1 });
    expect(await early).toEqual({ version: 1 });
    const late = cache.get('a');
    answer({ version: 2 });
    expect(await late).toEqual({ version: 2 });
  });
});
