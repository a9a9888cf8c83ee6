import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Query, update as oracleUpdate } from 'mingo';
import type { Filter, Update } from '../../src/database/query.js';
import { idsOf, type Fixture, type Thing } from './contract-store.js';

/*
 * `indexed` and `n.x` are columns of the embedded store, `listed` has a table, the other fields are matched in JavaScript.
 * Left out, because mingo 7 differs from MongoDB there: ranges over null, null against lists of objects, $addToSet to a list that
 * repeats itself, and $slice of a $push to a missing list. The embedded store indexes no fraction in a list.
 */
const INDEXES = [
  { keys: { indexed: 1 } },
  { keys: { 'n.x': 1, _id: 1 } },
  { keys: { indexed: 1, listed: 1 }, list: 'listed' },
] as const;

const notNull = fc.oneof(
  fc.constantFrom(-2, -1, 0, 0.5, 1, 2),
  fc.constantFrom('', 'a', 'b', 'B', '1', 'é'),
  fc.boolean(),
  fc.constantFrom(0, 1, 1000, -1000).map((ms) => new Date(ms)),
);
const scalar = fc.oneof({ weight: 5, arbitrary: notNull }, { weight: 1, arbitrary: fc.constant(null) });
const element = scalar.filter((value) => value !== 0.5);
const list = fc.uniqueArray(element, { maxLength: 3, selector: String });
const document = fc.record(
  {
    indexed: scalar,
    plain: scalar,
    n: fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }),
    list,
    listed: fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: element }),
  },
  { requiredKeys: [] },
);
const PATHS = ['indexed', 'plain', 'n.x', 'n.y', 'list', 'listed'] as const;

const condition = fc.oneof(
  scalar,
  ...(['$gt', '$gte', '$lt', '$lte'] as const).map((operator) => notNull.map((value) => ({ [operator]: value }))),
  ...(['$eq', '$ne'] as const).map((operator) => scalar.map((value) => ({ [operator]: value }))),
  ...(['$in', '$nin'] as const).map((operator) =>
    fc.array(scalar, { maxLength: 4 }).map((list) => ({ [operator]: list })),
  ),
  fc.boolean().map((wanted) => ({ $exists: wanted })),
  fc.tuple(notNull, notNull).map(([low, high]) => ({ $gte: low, $lt: high })),
);
const filter = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), condition), { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries) as Filter<Thing>);

const change = fc.oneof(
  fc
    .tuple(fc.constantFrom('indexed', 'plain', 'n.x', 'new.deep'), scalar)
    .map(([path, value]) => ({ $set: { [path]: value } })),
  fc.constantFrom('indexed', 'n', 'n.x', 'list', 'listed').map((path) => ({ $unset: { [path]: true as const } })),
  fc.constantFrom('count', 'n.count').map((path) => ({ $inc: { [path]: 2 } })),
  fc
    .tuple(fc.array(scalar, { maxLength: 3 }), fc.integer({ min: -4, max: -1 }))
    .map(([list, slice]) => ({ $push: { list: { $each: list, $slice: slice } } })),
  list.map((elements) => ({ $set: { listed: elements } })),
  notNull.map((value) => ({ $addToSet: { list: value } })),
  notNull.map((value) => ({ $pull: { list: value } })),
) as fc.Arbitrary<Update>;

const SETTINGS = { seed: 20260228, numRuns: 120, endOnFailure: true };

export function oracleSuite(fixture: Fixture): void {
  it('finds what mingo finds', async () => {
    const bodies = fc.sample(document, { seed: 7, numRuns: 60 });
    const docs = bodies.map((body, i) => ({ _id: `n${i}`, ...structuredClone(body) }) as Thing);
    const things = await fixture.collection(INDEXES, docs);
    await fc.assert(
      fc.asyncProperty(filter, async (where) => {
        const query = new Query(where as object);
        expect(idsOf(await things.find(where))).toEqual(idsOf(docs.filter((doc) => query.test(doc))));
      }),
      SETTINGS,
    );
  });

  it('changes what mingo changes', async () => {
    const things = await fixture.collection(INDEXES);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(document, change, async (body, update) => {
        fc.pre(!update.$push || body.list !== undefined);
        const doc = { _id: `n${++made}`, ...structuredClone(body) } as Thing;
        await things.insertOne(doc);
        const expected = structuredClone(doc);
        oracleUpdate(expected, structuredClone(update) as object);
        expect(await things.findOneAndUpdate({ _id: doc._id }, update)).toEqual(expected);
        // What an index says of the document must be its new content.
        const indexed = (expected.indexed ?? null) as string | null;
        expect(await things.count({ _id: doc._id, indexed })).toBe(1);
        const elements = Array.isArray(expected.listed) ? (expected.listed as string[]) : [];
        for (const listed of elements) expect(await things.count({ _id: doc._id, listed })).toBe(1);
      }),
      { ...SETTINGS, numRuns: 80 },
    );
  });
}
