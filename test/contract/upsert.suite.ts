import { expect, it } from '@jest/globals';
import { DuplicateKeyError } from '../../src/database/query.js';
import type { Fixture } from './contract-store.js';

export function upsertSuite(fixture: Fixture): void {
  it('inserts the equalities of the filter, then what the update says', async () => {
    const things = await fixture.collection();
    const result = await things.updateOne(
      { _id: 'a', tenant: { $eq: 't' }, 'deep.x': 1, expires: { $lt: new Date() }, gone: null },
      { $set: { name: 'n', 'deep.y': 2 }, $inc: { count: 3 }, $setOnInsert: { since: new Date(5) }, $max: { top: 9 } },
      { upsert: true },
    );
    expect(result).toEqual({ matched: 0, upserted: true });
    expect(await things.findOne({ _id: 'a' })).toEqual({
      _id: 'a',
      tenant: 't',
      deep: { x: 1, y: 2 },
      gone: null,
      name: 'n',
      count: 3,
      since: new Date(5),
      top: 9,
    });
  });

  it('updates when the filter holds, without what is for insertion', async () => {
    const things = await fixture.collection([], [{ _id: 'a', count: 1 }]);
    const update = { $inc: { count: 1 }, $setOnInsert: { since: 1 } };
    expect(await things.updateOne({ _id: 'a' }, update, { upsert: true })).toEqual({ matched: 1, upserted: false });
    expect(await things.findOne({ _id: 'a' })).toEqual({ _id: 'a', count: 2 });
  });

  it('fails on a taken key when the filter does not hold: a conditional claim', async () => {
    const things = await fixture.collection(
      [{ keys: { slot: 1 }, unique: true }],
      [{ _id: 'a', slot: 1, expires: 100 }],
    );
    const claim = (filter: object) => things.updateOne(filter, { $set: { expires: 200 } }, { upsert: true });
    await expect(claim({ _id: 'a', expires: { $lte: 50 } })).rejects.toMatchObject({ key: '_id' });
    await expect(claim({ _id: 'b', slot: 1 })).rejects.toMatchObject({ name: 'DuplicateKeyError', key: 'slot' });
    expect(await claim({ _id: 'a', expires: { $lte: 150 } })).toEqual({ matched: 1, upserted: false });
    expect(await things.find({})).toEqual([{ _id: 'a', slot: 1, expires: 200 }]);
  });

  it('lets one of many win', async () => {
    const things = await fixture.collection();
    const claim = (n: number) =>
      things
        .findOneAndUpdate({ _id: 'a', free: true }, { $set: { by: n, free: false } }, { upsert: true })
        .catch((error: unknown) => {
          if (error instanceof DuplicateKeyError) return null;
          throw error;
        });
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(n)));
    const winners = results.filter((result) => result !== null);
    expect(winners).toHaveLength(1);
    expect(await things.find({})).toEqual(winners);
  });

  it('returns the new document, or null for what was before', async () => {
    const things = await fixture.collection();
    const update = { $inc: { n: 1 } };
    expect(await things.findOneAndUpdate({ _id: 'a' }, update, { upsert: true })).toEqual({ _id: 'a', n: 1 });
    expect(await things.findOneAndUpdate({ _id: 'b' }, update, { upsert: true, returns: 'before' })).toBeNull();
    expect(await things.findOne({ _id: 'b' })).toEqual({ _id: 'b', n: 1 });
  });

  it('needs an _id', async () => {
    const things = await fixture.collection();
    await expect(things.updateOne({ n: 1 }, { $set: { m: 1 } }, { upsert: true })).rejects.toThrow('_id');
    await things.updateOne({ n: 1 }, { $setOnInsert: { _id: 'made' } }, { upsert: true });
    expect(await things.find({})).toEqual([{ _id: 'made', n: 1 }]);
  });
}
