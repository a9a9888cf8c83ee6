import { expect, it } from '@jest/globals';
import type { Fixture } from './contract-store.js';

export function updatingSuite(fixture: Fixture): void {
  it('says whether the filter held, also when nothing changes', async () => {
    const things = await fixture.collection([{ keys: { n: 1 } }], [{ _id: 'a', n: 1 }]);
    expect(await things.updateOne({ _id: 'a', n: 1 }, { $set: { n: 1 } })).toEqual({ matched: 1, upserted: false });
    expect(await things.updateOne({ _id: 'a', n: 2 }, { $set: { n: 3 } })).toEqual({ matched: 0, upserted: false });
    expect(await things.updateOne({ _id: 'a' }, { $set: { m: undefined } })).toEqual({ matched: 1, upserted: false });
    expect(await things.findOne({ n: 1 })).toEqual({ _id: 'a', n: 1 });
  });

  it('lets exactly one of fifty win', async () => {
    const things = await fixture.collection([{ keys: { state: 1 } }], [{ _id: 'a', state: 'queued', wins: 0 }]);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        things.updateOne({ _id: 'a', state: 'queued' }, { $set: { state: 'leased', by: n }, $inc: { wins: 1 } }),
      ),
    );
    expect(results.reduce((sum, result) => sum + result.matched, 0)).toBe(1);
    const winner = results.findIndex((result) => result.matched === 1);
    expect(await things.findOne({ state: 'leased' })).toEqual({ _id: 'a', state: 'leased', wins: 1, by: winner });
  });

  it('loses no increment', async () => {
    const things = await fixture.collection([], [{ _id: 'a', n: 0 }]);
    const results = await Promise.all(
      Array.from({ length: 40 }, () => things.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } })),
    );
    expect(results.map((doc) => doc!.n as number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  it('returns the document after or before the update', async () => {
    const things = await fixture.collection([], [{ _id: 'a', n: 1, at: new Date(1) }]);
    expect(await things.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } })).toEqual({
      _id: 'a',
      n: 2,
      at: new Date(1),
    });
    const before = await things.findOneAndUpdate({ n: 2 }, { $unset: { at: true } }, { returns: 'before' });
    expect(before).toEqual({ _id: 'a', n: 2, at: new Date(1) });
    expect(await things.findOneAndUpdate({ n: 99 }, { $inc: { n: 1 } })).toBeNull();
    expect(await things.findOne({})).toEqual({ _id: 'a', n: 2 });
  });

  it('updates all that match and keeps them findable by their new values', async () => {
    const docs = Array.from({ length: 30 }, (_, n) => ({ _id: `n${n}`, n, state: 'old' }));
    const things = await fixture.collection([{ keys: { state: 1 } }, { keys: { 'deep.at': 1 } }], docs);
    const update = { $set: { state: 'new', deep: { at: new Date(9) } } };
    expect(await things.updateMany({ n: { $lt: 10 } }, update)).toEqual({ matched: 10 });
    expect(await things.count({ state: 'new' })).toBe(10);
    expect(await things.count({ 'deep.at': { $lte: new Date(9) } })).toBe(10);
    expect(await things.updateMany({ state: 'new' }, { $unset: { deep: true } })).toEqual({ matched: 10 });
    expect(await things.count({ 'deep.at': null })).toBe(30);
    expect(await things.updateMany({ state: 'none' }, { $set: { n: 0 } })).toEqual({ matched: 0 });
  });

  it('updates each by itself and says which filters held', async () => {
    const docs = Array.from({ length: 600 }, (_, n) => ({ _id: `n${n}`, n, done: n % 3 === 0 }));
    const things = await fixture.collection([], docs);
    const updates = docs.map(({ _id }) => ({ filter: { _id, done: false }, update: { $set: { done: true } } }));
    const { matched } = await things.updateEach(updates);
    expect(matched).toEqual(docs.map(({ n }) => n % 3 !== 0));
    expect(await things.count({ done: true })).toBe(600);
    expect(await things.updateEach([])).toEqual({ matched: [] });
  });

  it('throws when one of several fails, and keeps the others', async () => {
    const things = await fixture.collection(
      [{ keys: { n: 1 }, unique: true }],
      [
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
        { _id: 'c', n: 3 },
      ],
    );
    const set = (_id: string, n: number) => ({ filter: { _id }, update: { $set: { n } } });
    await expect(things.updateEach([set('a', 3), set('b', 9)])).rejects.toMatchObject({ name: 'DuplicateKeyError' });
    expect(await things.findOne({ _id: 'b' })).toMatchObject({ n: 9 });
    expect(await things.findOne({ _id: 'a' })).toMatchObject({ n: 1 });
  });

  it('updates each by itself and returns what each is then', async () => {
    const docs = Array.from({ length: 600 }, (_, n) => ({ _id: `n${n}`, n, at: new Date(n), done: n % 3 === 0 }));
    const things = await fixture.collection([], docs);
    const updates = docs.map(({ _id, n }) => ({
      filter: { _id, done: false },
      update: { $set: { done: true, 'lease.until': new Date(n + 1) }, $inc: { n: 1000 } },
    }));
    const changed = ({ _id, n, at }: (typeof docs)[number]) => ({
      _id,
      n: n + 1000,
      at,
      done: true,
      lease: { until: new Date(n + 1) },
    });
    expect(await things.findEachAndUpdate(updates)).toEqual(docs.map((doc) => (doc.done ? null : changed(doc))));
    expect(await things.find({ n: { $gte: 1000 } }, { sort: { n: 1 } })).toEqual(
      docs.filter(({ done }) => !done).map(changed),
    );
    expect(await things.findEachAndUpdate([])).toEqual([]);
  });

  it('returns only the fields asked for of each that it updates', async () => {
    const docs = [
      { _id: 'a', n: 1, text: 'one', lease: { id: 'x', by: 'p' } },
      { _id: 'b', n: 1, text: 'two' },
    ];
    const things = await fixture.collection([], docs);
    const raised = (n: number) => docs.map(({ _id }) => ({ filter: { _id, n }, update: { $inc: { n: 1 } } }));
    expect(await things.findEachAndUpdate(raised(1), { fields: ['n', 'lease'] })).toEqual([
      { _id: 'a', n: 2, lease: { id: 'x', by: 'p' } },
      { _id: 'b', n: 2 },
    ]);
    expect(await things.findEachAndUpdate(raised(2), { fields: ['n', 'lease.by'] })).toEqual([
      { _id: 'a', n: 3, lease: { by: 'p' } },
      { _id: 'b', n: 3 },
    ]);
    expect(await things.findEachAndUpdate(raised(2), { fields: ['n'] })).toEqual([null, null]);
  });

  it('lets one of two win each when they update the same', async () => {
    const docs = Array.from({ length: 20 }, (_, n) => ({ _id: `n${n}`, rev: 1 }));
    const things = await fixture.collection([], docs);
    const take = (by: string) =>
      things.findEachAndUpdate(
        docs.map(({ _id }) => ({ filter: { _id, rev: 1 }, update: { $set: { by }, $inc: { rev: 1 } } })),
      );
    const [ours, theirs] = await Promise.all([take('us'), take('them')]);
    for (const [i, { _id }] of docs.entries()) {
      const won = [ours[i], theirs[i]].filter((doc) => doc !== null);
      expect(won).toEqual([{ _id, rev: 2, by: ours[i] ? 'us' : 'them' }]);
    }
  });

  it('throws when one of several that it returns fails, and keeps the others', async () => {
    const things = await fixture.collection(
      [{ keys: { n: 1 }, unique: true }],
      [
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
        { _id: 'c', n: 3 },
      ],
    );
    const set = (_id: string, n: number) => ({ filter: { _id }, update: { $set: { n } } });
    const both = things.findEachAndUpdate([set('a', 3), set('b', 9)]);
    await expect(both).rejects.toMatchObject({ name: 'DuplicateKeyError' });
    expect(await things.findOne({ _id: 'b' })).toMatchObject({ n: 9 });
    expect(await things.findOne({ _id: 'a' })).toMatchObject({ n: 1 });
  });

  it('never changes an _id', async () => {
    const things = await fixture.collection([], [{ _id: 'a' }]);
    await expect(things.updateOne({ _id: 'a' }, { $set: { _id: 'b' } })).rejects.toThrow(/_id/);
    expect(await things.updateOne({ _id: 'a' }, { $set: { _id: 'a', n: 1 } })).toMatchObject({ matched: 1 });
    expect(await things.find({})).toEqual([{ _id: 'a', n: 1 }]);
  });
}
