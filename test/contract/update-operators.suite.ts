import { expect, it } from '@jest/globals';
import type { Update } from '../../src/database/query.js';
import type { Fixture } from './contract-store.js';

const EARLY = new Date(1000);
const LATE = new Date(2000);

const CHANGES: readonly [what: string, before: object, update: Update, after: object][] = [
  ['$set makes parents', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  ['$set keeps siblings', { a: { x: 1 } }, { $set: { 'a.y': LATE } }, { a: { x: 1, y: LATE } }],
  ['$set replaces an object', { a: { x: 1 } }, { $set: { a: { y: 2 } } }, { a: { y: 2 } }],
  ['$set of an element', { a: [1, 2, 3] }, { $set: { 'a.1': 9 } }, { a: [1, 9, 3] }],
  ['$set beyond the end', { a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  ['$set to null', { a: 1 }, { $set: { a: null } }, { a: null }],
  ['$unset', { a: 1, b: { c: 2, d: 3 } }, { $unset: { a: true, 'b.c': '' } }, { b: { d: 3 } }],
  ['$unset of nothing', { a: 1 }, { $unset: { b: true, 'a.c': true } }, { a: 1 }],
  ['$inc', { a: 1 }, { $inc: { a: -3, b: 2, 'c.d': 1 } }, { a: -2, b: 2, c: { d: 1 } }],
  ['$min', { a: 5, b: LATE }, { $min: { a: 3, b: EARLY, c: 1 } }, { a: 3, b: EARLY, c: 1 }],
  ['$min that is not less', { a: 5 }, { $min: { a: 7 } }, { a: 5 }],
  ['$max', { a: 5, b: EARLY }, { $max: { a: 7, b: LATE, c: 1 } }, { a: 7, b: LATE, c: 1 }],
  ['$max over null', { a: null }, { $max: { a: -1 } }, { a: -1 }],
  ['$push makes a list', {}, { $push: { a: { $each: [1, 2] } } }, { a: [1, 2] }],
  [
    '$push keeps the last',
    { a: [1, 2, 3] },
    { $push: { a: { $each: [4, { x: LATE }], $slice: -3 } } },
    { a: [3, 4, { x: LATE }] },
  ],
  ['$push keeps none', { a: [1] }, { $push: { a: { $each: [2], $slice: 0 } } }, { a: [] }],
  ['$addToSet', { a: ['x'] }, { $addToSet: { a: 'y', b: 'z' } }, { a: ['x', 'y'], b: ['z'] }],
  ['$addToSet of what is there', { a: ['x', LATE] }, { $addToSet: { a: new Date(LATE) } }, { a: ['x', LATE] }],
  ['$addToSet tells 1 from true', { a: [1] }, { $addToSet: { a: true } }, { a: [1, true] }],
  ['$pull', { a: ['x', 'y', 'x'] }, { $pull: { a: 'x', b: 'x' } }, { a: ['y'] }],
  [
    'several together',
    { a: 1, b: [1] },
    { $set: { c: 1 }, $inc: { a: 1 }, $push: { b: { $each: [2] } }, $unset: { d: true } },
    { a: 2, b: [1, 2], c: 1 },
  ],
];

const REFUSED: readonly [what: string, before: object, update: Update][] = [
  ['$set through a scalar', { a: 5 }, { $set: { 'a.b': 1 } }],
  ['$set through null', { a: null }, { $set: { 'a.b': 1 } }],
  ['$set of a field in a list', { a: [1] }, { $set: { 'a.b': 1 } }],
  ['$inc of a string', { a: '5' }, { $inc: { a: 1 } }],
  ['$inc of null', { a: null }, { $inc: { a: 1 } }],
  ['$push to a scalar', { a: 1 }, { $push: { a: { $each: [1] } } }],
  ['$addToSet to a scalar', { a: 1 }, { $addToSet: { a: 1 } }],
  ['$pull from a scalar', { a: 1 }, { $pull: { a: 1 } }],
  ['two changes of one field', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }],
  ['a change of a field and its parent', {}, { $set: { 'a.b': 1 }, $unset: { a: true } }],
];

export function updateOperatorsSuite(fixture: Fixture): void {
  it.each(CHANGES)('%s', async (_what, before, update, after) => {
    const things = await shared();
    const _id = `n${++made}`;
    await things.insertOne({ _id, ...before });
    expect(await things.findOneAndUpdate({ _id }, update)).toEqual({ _id, ...after });
    expect(await things.findOne({ _id })).toEqual({ _id, ...after });
  });

  it.each(REFUSED)('refuses %s and leaves the document', async (_what, before, update) => {
    const things = await shared();
    const _id = `n${++made}`;
    await things.insertOne({ _id, ...before });
    await expect(things.updateOne({ _id }, update)).rejects.toThrow(Error);
    expect(await things.findOne({ _id })).toEqual({ _id, ...before });
  });

  let made = 0;
  let collection: ReturnType<Fixture['collection']> | undefined;
  const shared = () => (collection ??= fixture.collection([{ keys: { z: 1 } }]));
}
