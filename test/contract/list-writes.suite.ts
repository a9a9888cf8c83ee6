import { expect, it } from '@jest/globals';
import type { IndexSpec } from '../../src/database/collection.js';
import { DuplicateKeyError, type Update } from '../../src/database/query.js';
import { idsOf, type Fixture } from './contract-store.js';

const CLAIMS: IndexSpec = {
  keys: { tenant: 1, claims: 1 },
  list: 'claims',
  unique: true,
  partial: { claims: { $exists: true } },
};

export function listWritesSuite(fixture: Fixture): void {
  it('share no element under a unique index, which names its fields', async () => {
    const things = await fixture.collection([CLAIMS]);
    await things.insertOne({ _id: 'a', tenant: 't', claims: ['x', 'y', 'x'] });
    await things.insertOne({ _id: 'b', tenant: 'u', claims: ['x', 'y'] });
    const failure = things.insertOne({ _id: 'c', tenant: 't', claims: ['w', 'y'] });
    await expect(failure).rejects.toMatchObject({ name: 'DuplicateKeyError', key: 'tenant,claims' });
    await expect(things.insertOne({ _id: 'c', tenant: 't', claims: 'x' })).rejects.toThrow(DuplicateKeyError);
    await things.insertMany([
      { _id: 'd', tenant: 't' },
      { _id: 'e', tenant: 't' },
    ]);
    // The refused document holds nothing.
    await things.insertOne({ _id: 'c', tenant: 't', claims: ['w'] });
    expect(idsOf(await things.find({ claims: { $in: ['w', 'x'] } }))).toEqual(['a', 'b', 'c']);
  });

  it('that collide are told apart from those that do not', async () => {
    const things = await fixture.collection([CLAIMS], [{ _id: 'a', tenant: 't', claims: ['x'] }]);
    const docs = [
      { _id: 'b', tenant: 't', claims: ['p', 'x'] },
      { _id: 'c', tenant: 't', claims: ['p', 'q'] },
      { _id: 'd', tenant: 't', claims: ['q'] },
      { _id: 'a', tenant: 't', claims: ['r'] },
      { _id: 'e', tenant: 't', claims: ['r'] },
    ];
    expect(await things.insertMany(docs)).toEqual({ duplicates: [0, 2, 3] });
    expect(idsOf(await things.find({ tenant: 't', claims: { $gte: '' } }))).toEqual(['a', 'c', 'e']);
  });

  it('count an empty list and null as values of a unique index, and a missing one only without a condition', async () => {
    const some = await fixture.collection([CLAIMS]);
    await some.insertMany(['a', 'b'].map((_id) => ({ _id, tenant: 't' })));
    await some.insertOne({ _id: 'c', tenant: 't', claims: [] });
    await expect(some.insertOne({ _id: 'd', tenant: 't', claims: [] })).rejects.toThrow(DuplicateKeyError);
    await some.insertOne({ _id: 'd', tenant: 't', claims: [null] });
    await expect(some.insertOne({ _id: 'e', tenant: 't', claims: null })).rejects.toThrow(DuplicateKeyError);
    const every = await fixture.collection([{ keys: { claims: 1 }, list: 'claims', unique: true }]);
    await every.insertOne({ _id: 'a' });
    await expect(every.insertOne({ _id: 'b', claims: ['x', null] })).rejects.toThrow(DuplicateKeyError);
    await every.insertOne({ _id: 'b', claims: ['x'] });
    expect(idsOf(await every.find({ claims: { $exists: true } }))).toEqual(['b']);
  });

  const UPDATES: readonly [what: string, update: Update, free: string[], taken: string[]][] = [
    ['$set', { $set: { claims: ['y', 'n'] } }, ['x'], ['y', 'n']],
    ['$set of an element', { $set: { 'claims.0': 'n' } }, ['x'], ['n', 'y']],
    ['$set to a scalar', { $set: { claims: 'n' } }, ['x', 'y'], ['n']],
    ['$push', { $push: { claims: { $each: ['n', 'y'] } } }, [], ['x', 'y', 'n']],
    ['$push with $slice', { $push: { claims: { $each: ['n'], $slice: -2 } } }, ['x'], ['y', 'n']],
    ['$addToSet', { $addToSet: { claims: 'n' } }, [], ['x', 'y', 'n']],
    ['$pull', { $pull: { claims: 'x' } }, ['x'], ['y']],
    ['$unset', { $unset: { claims: true } }, ['x', 'y'], []],
    ['a change of the tenant', { $set: { tenant: 'u' } }, ['x', 'y'], []],
    ['a change of another field', { $set: { note: 'n' } }, [], ['x', 'y']],
  ];
  it.each(UPDATES)('give and take elements by %s', async (_what, update, free, taken) => {
    const things = await fixture.collection([CLAIMS], [{ _id: 'a', tenant: 't', claims: ['x', 'y'] }]);
    expect(await things.updateOne({ _id: 'a' }, update)).toMatchObject({ matched: 1 });
    for (const claim of free) {
      expect(await things.count({ tenant: 't', claims: claim })).toBe(0);
      await things.insertOne({ _id: `b${claim}`, tenant: 't', claims: [`only ${claim}`, claim] });
    }
    for (const claim of taken) {
      expect(idsOf(await things.find({ tenant: 't', claims: claim }))).toEqual(['a']);
      const rival = things.insertOne({ _id: `b${claim}`, tenant: 't', claims: [`only ${claim}`, claim] });
      await expect(rival).rejects.toMatchObject({ key: 'tenant,claims' });
    }
  });

  it('stay as they were when an update is refused', async () => {
    const things = await fixture.collection(
      [CLAIMS],
      [
        { _id: 'a', tenant: 't', claims: ['a'] },
        { _id: 'b', tenant: 't', claims: ['b'] },
        { _id: 'c', tenant: 'u', claims: ['b'] },
        { _id: 'd', tenant: 't' },
      ],
    );
    const before = await things.find({}, { sort: { _id: 1 } });
    const refused = { name: 'DuplicateKeyError', key: 'tenant,claims' };
    const taking = { $push: { claims: { $each: ['n', 'b'] } } };
    await expect(things.updateOne({ _id: 'a' }, taking)).rejects.toMatchObject(refused);
    await expect(things.findOneAndUpdate({ claims: 'a' }, taking)).rejects.toMatchObject(refused);
    await expect(things.updateOne({ _id: 'd' }, { $addToSet: { claims: 'a' } })).rejects.toMatchObject(refused);
    await expect(things.updateOne({ _id: 'c' }, { $set: { tenant: 't' } })).rejects.toMatchObject(refused);
    const upsert = things.updateOne({ _id: 'e', tenant: 't' }, { $set: { claims: ['n', 'a'] } }, { upsert: true });
    await expect(upsert).rejects.toMatchObject(refused);
    expect(await things.find({}, { sort: { _id: 1 } })).toEqual(before);
    expect(await things.count({ claims: 'n' })).toBe(0);
    await things.insertOne({ _id: 'f', tenant: 't', claims: ['n'] });
  });

  it('are taken side by side, and the one that is refused hinders no other', async () => {
    const things = await fixture.collection(
      [CLAIMS],
      ['a', 'b', 'c'].map((_id) => ({ _id, tenant: 't', claims: [_id] })),
    );
    const claim = (_id: string, ...claims: string[]) => ({ filter: { _id }, update: { $set: { claims } } });
    const both = things.updateEach([claim('a', 'n', 'b'), claim('c', 'm', 'c')]);
    await expect(both).rejects.toThrow(DuplicateKeyError);
    expect(idsOf(await things.find({ claims: { $in: ['a', 'm', 'n'] } }))).toEqual(['a', 'c']);
    expect(await things.updateEach([claim('a', 'n'), claim('b', 'o')])).toEqual({ matched: [true, true] });
    await things.updateOne({ _id: 'b' }, { $set: { claims: ['a'] } });
    const found = await things.findEachAndUpdate([{ filter: { claims: 'n' }, update: { $pull: { claims: 'n' } } }]);
    expect(found).toEqual([{ _id: 'a', tenant: 't', claims: [] }]);
    expect(await things.updateMany({ claims: { $gte: 'a' } }, { $unset: { claims: true } })).toEqual({ matched: 2 });
    expect(idsOf(await things.find({ claims: { $exists: true } }))).toEqual(['a']);
    await things.updateOne({ _id: 'd', tenant: 't' }, { $set: { claims: ['a', 'm'] } }, { upsert: true });
    expect(idsOf(await things.find({ tenant: 't', claims: 'm' }))).toEqual(['d']);
  });

  it('are free again when their document is deleted', async () => {
    const docs = ['a', 'b', 'c', 'd'].map((_id) => ({ _id, tenant: 't', note: _id, claims: [_id, `${_id}2`] }));
    const things = await fixture.collection([CLAIMS], docs);
    expect(await things.deleteOne({ tenant: 't', claims: 'a' })).toEqual({ deleted: 1 });
    expect(await things.deleteMany({ claims: { $gte: 'b', $lt: 'c' } })).toEqual({ deleted: 1 });
    expect(await things.deleteMany({ note: 'c' })).toEqual({ deleted: 1 });
    expect(await things.count({ claims: { $gte: '' } })).toBe(1);
    await things.insertOne({ _id: 'e', tenant: 't', claims: docs.slice(0, 3).flatMap((doc) => doc.claims) });
    expect(await things.deleteMany({ claims: { $exists: true } })).toEqual({ deleted: 2 });
    expect(await things.count({})).toBe(0);
  });
}
