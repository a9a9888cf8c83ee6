import { expect, it } from '@jest/globals';
import type { Fixture } from './contract-store.js';

const DAY = new Date('2026-05-01T00:00:00.000Z');

export function countingSuite(fixture: Fixture): void {
  it.each([
    ['no index', []],
    ['an index', [{ keys: { tenant: 1 as const, status: 1 as const } }]],
    ['a unique index', [{ keys: { tenant: 1 as const, status: 1 as const, _id: 1 as const }, unique: true }]],
  ])('counts by the values of a field with %s; missing and null together', async (_what, indexes) => {
    const things = await fixture.collection(indexes, [
      { _id: 'a', tenant: 't', status: 'queued' },
      { _id: 'b', tenant: 't', status: 'queued' },
      { _id: 'c', tenant: 't', status: null },
      { _id: 'd', tenant: 't' },
      { _id: 'e', tenant: 't', status: 3 },
      { _id: 'f', tenant: 't', status: true },
      { _id: 'g', tenant: 't', status: DAY },
      { _id: 'h', tenant: 'other', status: 'queued' },
    ]);
    expect(await things.countBy({ tenant: 't' }, 'status')).toEqual({
      queued: 2,
      null: 2,
      3: 1,
      true: 1,
      [DAY.toISOString()]: 1,
    });
    expect(await things.countBy({ tenant: 'nobody' }, 'status')).toEqual({});
    expect(await things.countBy({}, 'tenant')).toEqual({ t: 7, other: 1 });
  });

  it('counts no further than asked', async () => {
    const docs = Array.from({ length: 20 }, (_, i) => ({ _id: `n${i}`, n: i, kind: 'x' }));
    const things = await fixture.collection([{ keys: { kind: 1 } }], docs);
    expect(await things.count({ kind: 'x' }, { limit: 7 })).toBe(7);
    expect(await things.count({ kind: 'x' }, { limit: 70 })).toBe(20);
    expect(await things.count({ n: { $gte: 10 } }, { limit: 4 })).toBe(4);
    expect(await things.count({ n: { $gte: 10 } })).toBe(10);
  });
}
