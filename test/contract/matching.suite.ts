import { describe, expect, it } from '@jest/globals';
import type { IndexSpec } from '../../src/database/collection.js';
import type { Filter } from '../../src/database/query.js';
import { idsOf, type Fixture, type Thing } from './contract-store.js';

const DAY = new Date('2026-05-01T00:00:00Z');
const LATER = new Date('2026-05-02T00:00:00Z');

const MIXED: readonly Thing[] = [
  { _id: 'missing' },
  { _id: 'null', v: null },
  { _id: 'negative', v: -3.5 },
  { _id: 'zero', v: 0 },
  { _id: 'one', v: 1 },
  { _id: 'empty', v: '' },
  { _id: 'digit', v: '1' },
  { _id: 'word', v: 'word' },
  { _id: 'false', v: false },
  { _id: 'true', v: true },
  { _id: 'day', v: DAY },
  { _id: 'later', v: LATER },
  { _id: 'before-1970', v: new Date(-5) },
];

const CASES: readonly [what: string, filter: Filter<Thing>, ids: string[]][] = [
  ['null matches a missing field as well', { v: null }, ['missing', 'null']],
  ['1 is not true and not "1"', { v: 1 }, ['one']],
  ['true is not 1', { v: true }, ['true']],
  ['zero is zero with either sign', { v: -0 }, ['zero']],
  ['dates by their time', { v: new Date(DAY) }, ['day']],
  ['a number range holds numbers only', { v: { $gt: -4 } }, ['negative', 'one', 'zero']],
  ['from below as well', { v: { $lte: 0 } }, ['negative', 'zero']],
  ['a string range holds strings only', { v: { $gte: '' } }, ['digit', 'empty', 'word']],
  ['from below as well, strings', { v: { $lt: 'w' } }, ['digit', 'empty']],
  ['a date range holds dates only', { v: { $lt: LATER } }, ['before-1970', 'day']],
  ['both ends of a date range', { v: { $gt: new Date(0), $lte: LATER } }, ['day', 'later']],
  ['a range over booleans', { v: { $lt: true } }, ['false']],
  ['a range with ends of two types holds nothing', { v: { $gt: 0, $lt: 'z' } }, []],
  [
    'a list with null',
    { v: { $in: [null, 1, 'word', false, DAY] } },
    ['day', 'false', 'missing', 'null', 'one', 'word'],
  ],
  ['a list of one', { v: { $in: [true] } }, ['true']],
  ['an empty list', { v: { $in: [] } }, []],
  [
    'what exists, null included',
    { v: { $exists: true }, _id: { $lt: 'nz' } },
    idsOf(MIXED).filter((id) => id < 'nz' && id !== 'missing'),
  ],
  ['what does not exist', { v: { $exists: false } }, ['missing']],
  ['all but one value', { v: { $ne: 1 } }, idsOf(MIXED).filter((id) => id !== 'one')],
  ['all but null', { v: { $ne: null } }, idsOf(MIXED).filter((id) => id !== 'null' && id !== 'missing')],
  [
    'all but a list',
    { v: { $nin: [null, true, ''] } },
    idsOf(MIXED).filter((id) => !['null', 'missing', 'true', 'empty'].includes(id)),
  ],
  ['two conditions on one field', { v: { $gte: 0, $ne: 0 } }, ['one']],
  ['two fields', { v: { $gte: 0 }, _id: { $in: ['one', 'word'] } }, ['one']],
  [
    'a range of _id',
    { _id: { $gt: 'null', $lte: 'word' } },
    ['one', 'true', 'word', 'zero'].filter((id) => id <= 'word'),
  ],
  ['everything', {}, idsOf(MIXED)],
];

const INDEXES: readonly [what: string, indexes: readonly IndexSpec[]][] = [
  ['no index', []],
  ['an index', [{ keys: { v: 1 } }]],
  ['an index of what exists', [{ keys: { v: 1 }, partial: { v: { $exists: true } } }]],
  ['an index of one value', [{ keys: { v: 1, _id: 1 }, partial: { v: true } }]],
  ['a unique index', [{ keys: { v: 1, _id: -1 }, unique: true }]],
];

export function matchingSuite(fixture: Fixture): void {
  describe.each(INDEXES)('with %s on the field', (_what, indexes) => {
    let things: Awaited<ReturnType<Fixture['collection']>>;
    it.each(CASES)('%s', async (_case, filter, ids) => {
      things ??= await fixture.collection(indexes, MIXED);
      expect(idsOf(await things.find(filter))).toEqual(ids);
      expect(await things.count(filter)).toBe(ids.length);
    });
  });

  it('looks into nested objects and lists', async () => {
    const things = await fixture.collection(
      [{ keys: { 'lease.holder': 1 } }],
      [
        { _id: 'a', lease: { holder: 'x' }, tags: ['red', 'blue'], parts: [{ n: 1 }, { n: 2 }] },
        { _id: 'b', lease: { holder: null }, tags: [], parts: [] },
        { _id: 'c', lease: null, tags: 'red', parts: [{ n: 3 }, {}] },
        { _id: 'd' },
      ],
    );
    const ids = async (filter: Filter<Thing>) => idsOf(await things.find(filter));
    expect(await ids({ 'lease.holder': 'x' })).toEqual(['a']);
    expect(await ids({ 'lease.holder': null })).toEqual(['b', 'c', 'd']);
    expect(await ids({ 'lease.holder': { $exists: true } })).toEqual(['a', 'b']);
    expect(await ids({ tags: 'red' })).toEqual(['a', 'c']);
    expect(await ids({ tags: { $ne: 'red' } })).toEqual(['b', 'd']);
    expect(await ids({ tags: { $in: ['blue', 'green'] } })).toEqual(['a']);
    expect(await ids({ 'tags.1': 'blue' })).toEqual(['a']);
    expect(await ids({ 'parts.n': 2 })).toEqual(['a']);
    expect(await ids({ 'parts.n': { $gt: 1 } })).toEqual(['a', 'c']);
    expect(await ids({ 'parts.n': { $exists: false } })).toEqual(['b', 'd']);
  });

  it('finds by long lists', async () => {
    const docs = Array.from({ length: 300 }, (_, i) => ({ _id: `id${i}`, n: i }));
    const things = await fixture.collection([{ keys: { n: 1 } }], docs);
    expect(await things.count({ _id: { $in: docs.slice(50).map((doc) => doc._id) } })).toBe(250);
    expect(await things.count({ n: { $in: docs.slice(0, 37).map((doc) => doc.n) } })).toBe(37);
  });

  it('refuses a filter that would be wider than it looks', async () => {
    const things = await fixture.collection();
    const wide = [{ tenant: undefined }, { tenant: {} }, { tenant: { $regex: '.' } }, { tenant: { a: 1 } }];
    for (const filter of [...wide, { $where: 'true' }, { tenant: { $gt: undefined } }, { tenant: NaN }])
      await expect(things.find(filter as unknown as Filter<Thing>)).rejects.toThrow(TypeError);
  });

  it('returns only the fields that were asked for, and _id', async () => {
    const things = await fixture.collection(
      [],
      [{ _id: 'a', n: 1, deep: { x: 1, y: 2 }, list: [{ x: 1, z: 1 }], other: 0 }],
    );
    const found = await things.findOne({}, { fields: ['n', 'deep.x', 'list.x', 'absent'] });
    expect(found).toEqual({ _id: 'a', n: 1, deep: { x: 1 }, list: [{ x: 1 }] });
  });
}
