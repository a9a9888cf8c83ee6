import { describe, expect, it } from '@jest/globals';
import type { IndexSpec } from '../../src/database/collection.js';
import { DuplicateKeyError, type Filter } from '../../src/database/query.js';
import { idsOf, type Fixture, type Thing } from './contract-store.js';

const CLAIMS: IndexSpec = {
  keys: { tenant: 1, claims: 1 },
  list: 'claims',
  unique: true,
  partial: { claims: { $exists: true } },
};
const DAY = new Date('2026-05-01T00:00:00Z');

const MIXED: readonly Thing[] = [
  { _id: 'missing', tenant: 't' },
  { _id: 'null', tenant: 't', v: null },
  { _id: 'empty', tenant: 't', v: [] },
  { _id: 'scalar', tenant: 't', v: 'b' },
  { _id: 'letters', tenant: 't', v: ['a', 'b', 'b', 'z'] },
  { _id: 'ends', tenant: 't', v: ['z', 'A'] },
  { _id: 'numbers', tenant: 't', v: [1, 7, -3] },
  { _id: 'kinds', tenant: 't', v: [true, '1', 0, DAY] },
  { _id: 'holed', tenant: 't', v: [null, false, new Date(-5)] },
  { _id: 'other', tenant: 'u', v: ['a', 'b', 1] },
];
const ALL = idsOf(MIXED);
const without = (...ids: string[]) => ALL.filter((id) => !ids.includes(id));

const CASES: readonly [what: string, filter: Filter<Thing>, ids: string[]][] = [
  ['any element', { v: 'b' }, ['letters', 'other', 'scalar']],
  ['any element, of a tenant', { tenant: 't', v: 'b' }, ['letters', 'scalar']],
  ['1 is not true and not "1"', { v: 1 }, ['numbers', 'other']],
  ['true', { v: true }, ['kinds']],
  ['a date', { v: new Date(DAY) }, ['kinds']],
  ['null, which a missing field and an element are as well', { v: null }, ['holed', 'missing', 'null']],
  ['no element', { tenant: 't', v: { $ne: 'b' } }, without('letters', 'scalar', 'other')],
  ['no null', { v: { $ne: null } }, without('holed', 'missing', 'null')],
  ['one of some', { tenant: 't', v: { $in: ['A', 7, false, 'none'] } }, ['ends', 'holed', 'numbers']],
  ['one of some, or null', { v: { $in: ['A', null] } }, ['ends', 'holed', 'missing', 'null']],
  ['none of some', { v: { $nin: ['a', 'b', 0] } }, without('letters', 'other', 'scalar', 'kinds')],
  ['none of some, nor null', { v: { $nin: ['a', null] } }, without('holed', 'letters', 'missing', 'null', 'other')],
  ['nothing', { v: { $in: [] } }, []],
  ['a range of strings', { v: { $gte: 'y' } }, ['ends', 'letters']],
  ['each end of a range by any element', { tenant: 't', v: { $gte: 'b', $lt: 'b' } }, ['ends', 'letters']],
  ['a range of numbers', { v: { $lt: 1 } }, ['kinds', 'numbers']],
  ['a range of dates', { v: { $lt: DAY } }, ['holed']],
  ['a range of booleans', { v: { $lt: true } }, ['holed']],
  ['ends of two types', { v: { $gte: 'a', $lt: 1 } }, []],
  ['several conditions', { v: { $gte: 'a', $ne: 'z', $in: ['a', 'b'] } }, ['other', 'scalar']],
  ['what exists, an empty list included', { tenant: 't', v: { $exists: true } }, without('missing', 'other')],
  ['what does not exist', { v: { $exists: false } }, ['missing']],
  ['some documents', { _id: { $in: ['letters', 'ends', 'null'] }, v: 'z' }, ['ends', 'letters']],
  ['a place in the list', { 'v.1': 7 }, ['numbers']],
];

const INDEXES: readonly [what: string, indexes: readonly IndexSpec[]][] = [
  ['no index', []],
  ['an index', [{ keys: { v: 1 }, list: 'v' }]],
  ['an index of tenants and lists', [{ keys: { tenant: 1, v: -1, _id: 1 }, list: 'v' }, { keys: { tenant: 1 } }]],
  ['an index of what exists', [{ keys: { v: 1 }, list: 'v', partial: { v: { $exists: true } } }]],
  ['an index of one tenant', [{ keys: { v: 1 }, list: 'v', partial: { tenant: 't' } }]],
  ['a unique index', [{ keys: { v: 1, _id: 1 }, list: 'v', unique: true }]],
];

export function listsSuite(fixture: Fixture): void {
  describe.each(INDEXES)('are found with %s on the field', (_what, indexes) => {
    let things: Awaited<ReturnType<Fixture['collection']>>;
    it.each(CASES)('by %s', async (_case, filter, ids) => {
      things ??= await fixture.collection(indexes, MIXED);
      expect(idsOf(await things.find(filter))).toEqual(ids);
      expect(await things.count(filter)).toBe(ids.length);
    });
  });

  it('bring a document once, in order and in pages', async () => {
    const docs = [3, 1, 4, 2, 5].map((n) => ({ _id: `n${n}`, tenant: 't', n, claims: [`a${n}`, `b${n}`, `c${n}`] }));
    const things = await fixture.collection([CLAIMS, { keys: { tenant: 1, n: 1 } }], docs);
    const filter = { tenant: 't', claims: { $gte: 'a2' } } as const;
    const ids = async (options: Parameters<typeof things.find>[1]) =>
      (await things.find(filter, options)).map((doc) => doc._id);
    expect(await ids({ sort: { _id: -1 } })).toEqual(['n5', 'n4', 'n3', 'n2', 'n1']);
    expect(await ids({ sort: { n: 1 }, skip: 1, limit: 2, fields: ['n'] })).toEqual(['n2', 'n3']);
    expect(await ids({ sort: { claims: -1 }, limit: 2 })).toEqual(['n5', 'n4']);
    expect(await things.count(filter, { limit: 3 })).toBe(3);
    expect(await things.countBy({ claims: { $in: ['a1', 'b1', 'c2'] } }, 'tenant')).toEqual({ t: 2 });
    const pages = [];
    for await (const page of things.pages(filter, { batch: 2 })) pages.push(page.map((doc) => doc._id));
    expect(pages.flat()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
  });

  it('of documents are indexed by a field of theirs', async () => {
    const things = await fixture.collection(
      [{ keys: { tenant: 1, 'people.phone': 1 }, list: 'people.phone', partial: { tenant: { $exists: true } } }],
      [
        { _id: 'a', tenant: 't', people: [{ phone: '1' }, { phone: '2', name: 'x' }] },
        { _id: 'b', tenant: 't', people: [{ phone: '2' }, { name: 'y' }] },
        { _id: 'c', tenant: 't', people: [] },
        { _id: 'd', tenant: 't', people: { phone: '1' } },
        { _id: 'e', tenant: 't', people: [{}] },
        { _id: 'f', tenant: 't' },
      ],
    );
    const ids = async (condition: Filter<Thing>[string]) =>
      idsOf(await things.find({ tenant: 't', 'people.phone': condition! }));
    expect(await ids('1')).toEqual(['a', 'd']);
    expect(await ids({ $gt: '1' })).toEqual(['a', 'b']);
    expect(await ids({ $exists: true })).toEqual(['a', 'b', 'd']);
    expect(await ids({ $exists: false })).toEqual(['c', 'e', 'f']);
    expect(await ids({ $ne: '2' })).toEqual(['c', 'd', 'e', 'f']);
    expect(await ids({ $in: [null, '1'] })).toEqual(['a', 'b', 'd', 'e', 'f']);
    await things.updateOne({ _id: 'a' }, { $set: { 'people.1.phone': '3' } });
    await things.updateOne({ _id: 'f' }, { $push: { people: { $each: [{ phone: '3' }] } } });
    expect(await ids('3')).toEqual(['a', 'f']);
    expect(await ids('2')).toEqual(['b']);
  });

  it('can be declared later, with other fields, and no more', async () => {
    const docs = Array.from({ length: 2500 }, (_, i) => ({
      _id: `n${i}`,
      tenant: `t${i % 3}`,
      open: i % 2 === 0,
      ...(i % 5 > 0 && { claims: [`c${i}`, `d${i % 7}`, DAY] }),
    }));
    const things = await fixture.collection([], docs);
    const declare = (...indexes: IndexSpec[]) => fixture.store.applyIndexes([{ name: things.name, indexes }]);
    await expect(declare(CLAIMS)).rejects.toThrow(Error);
    const plain: IndexSpec = { keys: { claims: 1 }, list: 'claims' };
    await declare(plain);
    expect(idsOf(await things.find({ claims: 'c2499' }))).toEqual(['n2499']);
    const expected = docs.filter((doc) => doc.tenant === 't1' && doc.claims?.includes('d3')).length;
    expect(await things.count({ tenant: 't1', claims: 'd3' })).toBe(expected);
    await declare(plain, { keys: { tenant: 1, claims: 1 }, list: 'claims', partial: { open: true } });
    expect(await things.count({ tenant: 't1', claims: 'd3' })).toBe(expected);
    expect(await things.count({ tenant: 't1', claims: { $lte: DAY } })).toBe(
      docs.filter((doc) => doc.tenant === 't1' && doc.claims).length,
    );
    await things.updateMany({ claims: { $exists: true } }, { $pull: { claims: DAY } });
    for (let i = 0; i < 7; i++) await things.updateMany({ claims: `d${i}` }, { $pull: { claims: `d${i}` } });
    await declare(plain, CLAIMS);
    await expect(things.insertOne({ _id: 'x', tenant: 't1', claims: ['c1'] })).rejects.toThrow(DuplicateKeyError);
    await declare();
    for (const index of [CLAIMS, plain]) await fixture.store.dropIndex(things.name, index);
    await things.insertOne({ _id: 'x', tenant: 't1', claims: ['c1'] });
    expect(idsOf(await things.find({ claims: 'c1' }))).toEqual(['n1', 'x']);
    await expect(declare(CLAIMS)).rejects.toThrow(Error);
  });
}
