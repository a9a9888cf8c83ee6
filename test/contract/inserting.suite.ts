import { expect, it } from '@jest/globals';
import { DuplicateKeyError } from '../../src/database/query.js';
import { idsOf, type Fixture, type Thing } from './contract-store.js';

export function insertingSuite(fixture: Fixture): void {
  it('gives back what was stored: dates, nulls, nesting, and keys that look like operators', async () => {
    const things = await fixture.collection();
    const doc: Thing = {
      _id: 'a',
      at: new Date('2026-02-28T23:59:59.999Z'),
      early: new Date(-1),
      none: null,
      zero: 0,
      half: -0.5,
      large: 2 ** 53 - 1,
      text: 'Grüße \u{1F600} "\\"',
      nul: 'a\0b',
      yes: true,
      list: [1, 'two', null, { at: new Date(5) }, [3]],
      deep: { er: { at: new Date(7), list: [] }, empty: {} },
      vars: { $name: 'x', __proto: 1, constructor: 'y', toString: 'z' },
    };
    await things.insertOne(doc);
    expect(await things.findOne({ _id: 'a' })).toEqual(doc);
  });

  it('leaves out undefined fields, and tells a missing field from null', async () => {
    const things = await fixture.collection();
    await things.insertOne({ _id: 'a', gone: undefined, none: null });
    const found = await things.findOne({ _id: 'a' });
    expect(Object.keys(found!).sort()).toEqual(['_id', 'none']);
  });

  it('refuses an _id that is taken and names the key', async () => {
    const things = await fixture.collection([], [{ _id: 'a', n: 1 }]);
    const failure = things.insertOne({ _id: 'a', n: 2 });
    await expect(failure).rejects.toBeInstanceOf(DuplicateKeyError);
    await expect(failure).rejects.toMatchObject({ collection: things.name, key: '_id' });
    expect(await things.findOne({ _id: 'a' })).toMatchObject({ n: 1 });
  });

  it('inserts many but those that collide, and says which they were', async () => {
    const things = await fixture.collection([{ keys: { code: 1 }, unique: true }], [{ _id: 'old', code: 1 }]);
    const result = await things.insertMany([
      { _id: 'a', code: 2 },
      { _id: 'b', code: 1 },
      { _id: 'old', code: 3 },
      { _id: 'c', code: 4 },
      { _id: 'd', code: 2 },
    ]);
    expect(result.duplicates).toEqual([1, 2, 4]);
    expect(idsOf(await things.find({}))).toEqual(['a', 'c', 'old']);
  });

  it('counts positions across a long list', async () => {
    const things = await fixture.collection([], [{ _id: 'n0700' }, { _id: 'n1499' }]);
    const docs = Array.from({ length: 1500 }, (_, i) => ({ _id: `n${String(i).padStart(4, '0')}`, n: i }));
    expect(await things.insertMany(docs)).toEqual({ duplicates: [700, 1499] });
    expect(await things.count({})).toBe(1500);
    expect(await things.insertMany([])).toEqual({ duplicates: [] });
  });

  it('makes a collection that was never declared, on first use', async () => {
    const things = fixture.store.collection<Thing>('undeclared');
    expect(await things.findOne({ n: 1 })).toBeNull();
    await things.insertOne({ _id: 'a', n: 1 });
    expect(await things.find({ n: 1 })).toEqual([{ _id: 'a', n: 1 }]);
  });
}
