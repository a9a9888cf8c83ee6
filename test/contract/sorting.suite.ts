import { describe, expect, it } from '@jest/globals';
import type { FindOptions, IndexSpec } from '../../src/database/collection.js';
import type { Fixture, Thing } from './contract-store.js';

/** In MongoDB's order; strings by the bytes of UTF-8. */
const ORDERED: readonly Thing[] = [
  { _id: 'a', v: null },
  { _id: 'b', v: -1e300 },
  { _id: 'c', v: -1 },
  { _id: 'd', v: 0.5 },
  { _id: 'e', v: 10 },
  { _id: 'f', v: '' },
  { _id: 'g', v: 'Zebra' },
  { _id: 'h', v: 'ant' },
  { _id: 'i', v: 'zebra' },
  { _id: 'j', v: 'Ägypten' },
  { _id: 'k', v: 'école' },
  { _id: 'l', v: '\uffee' },
  { _id: 'm', v: '\u{1F600}' },
  { _id: 'n', v: false },
  { _id: 'o', v: true },
  { _id: 'p', v: new Date(-1) },
  { _id: 'q', v: new Date(0) },
  { _id: 'r', v: new Date('2026-01-01') },
];
const SHUFFLED = [...ORDERED].sort(
  (a, b) => ((Number(a._id.charCodeAt(0)) * 7) % 18) - ((b._id.charCodeAt(0) * 7) % 18),
);

const GRID: readonly Thing[] = [1, 2, 3].flatMap((x) =>
  ['a', 'b', 'c'].map((y) => ({ _id: `${y}${x}`, x, y, at: new Date(1000 * x) })),
);

const INDEXES: readonly [what: string, indexes: readonly IndexSpec[]][] = [
  ['no index', []],
  ['an index', [{ keys: { v: 1 } }, { keys: { x: 1, y: -1 } }]],
];

export function sortingSuite(fixture: Fixture): void {
  describe.each(INDEXES)('with %s', (_what, indexes) => {
    it('puts values of every type in one order, both ways', async () => {
      const things = await fixture.collection(indexes, SHUFFLED);
      const ids = ORDERED.map((doc) => doc._id);
      expect((await things.find({}, { sort: { v: 1 } })).map((doc) => doc._id)).toEqual(ids);
      expect((await things.find({}, { sort: { v: -1 } })).map((doc) => doc._id)).toEqual(ids.toReversed());
    });

    it('sorts by several fields, each in its direction, and cuts out a part', async () => {
      const things = await fixture.collection(indexes, GRID);
      const order = async (options: FindOptions) => (await things.find({}, options)).map((doc) => doc._id).join(' ');
      expect(await order({ sort: { x: 1, y: -1 } })).toBe('c1 b1 a1 c2 b2 a2 c3 b3 a3');
      expect(await order({ sort: { x: -1, y: 1 }, limit: 4 })).toBe('a3 b3 c3 a2');
      expect(await order({ sort: { at: -1, _id: 1 }, skip: 2, limit: 2 })).toBe('c3 a2');
      expect(await order({ sort: { _id: -1 }, skip: 7 })).toBe('a2 a1');
      expect(await order({ sort: { _id: 1 }, limit: 0 })).toBe('');
      expect(await order({ sort: { _id: 1 }, skip: 20 })).toBe('');
    });

    it('sorts, skips and limits what a filter leaves', async () => {
      const things = await fixture.collection(indexes, GRID);
      const options = { sort: { x: 1, y: 1 }, skip: 1, limit: 2 } as const;
      expect(
        (await things.find({ y: { $ne: 'b' }, at: { $gt: new Date(1000) } }, options)).map((doc) => doc._id),
      ).toEqual(['c2', 'a3']);
      expect(await things.findOne({ y: 'b' }, { sort: { x: -1 } })).toMatchObject({ _id: 'b3' });
    });
  });
}
