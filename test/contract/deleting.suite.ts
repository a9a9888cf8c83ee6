import { expect, it } from '@jest/globals';
import { idsOf, type Fixture } from './contract-store.js';

export function deletingSuite(fixture: Fixture): void {
  const docs = ['a', 'b', 'c', 'd'].map((_id, n) => ({ _id, n, kind: n < 2 ? 'x' : 'y' }));

  it('deletes one, or none', async () => {
    const things = await fixture.collection([{ keys: { kind: 1 } }], docs);
    expect(await things.deleteOne({ _id: 'a', kind: 'y' })).toEqual({ deleted: 0 });
    expect(await things.deleteOne({ kind: 'x' })).toEqual({ deleted: 1 });
    expect(await things.deleteOne({ kind: 'x', n: { $lt: 5 } })).toEqual({ deleted: 1 });
    expect(await things.deleteOne({ kind: 'x' })).toEqual({ deleted: 0 });
    expect(idsOf(await things.find({}))).toEqual(['c', 'd']);
  });

  it('deletes all that match', async () => {
    const things = await fixture.collection([{ keys: { kind: 1 } }], docs);
    expect(await things.deleteMany({ n: { $in: [1, 2] } })).toEqual({ deleted: 2 });
    expect(await things.deleteMany({ kind: 'y' })).toEqual({ deleted: 1 });
    expect(idsOf(await things.find({}))).toEqual(['a']);
    expect(await things.deleteMany({})).toEqual({ deleted: 1 });
  });

  it('frees unique keys', async () => {
    const things = await fixture.collection([{ keys: { n: 1 }, unique: true }], docs);
    await things.deleteOne({ n: 1 });
    await things.insertOne({ _id: 'z', n: 1 });
    expect(await things.findOne({ n: 1 })).toEqual({ _id: 'z', n: 1 });
  });
}
