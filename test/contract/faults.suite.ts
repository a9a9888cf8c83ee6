import { expect, it } from '@jest/globals';
import type { Collection } from '../../src/database/collection.js';
import { faultyStore, listFaults } from '../../src/database/faulty-store.js';
import { idsOf, type Fixture, type Thing } from './contract-store.js';

class Death extends Error {}

export function faultsSuite(fixture: Fixture): void {
  const docs = ['a', 'b', 'c', 'd'].map((_id) => ({ _id, state: 'new' }));

  /** A new collection behind a store that dies at `fault`, in which `?` stands for the collection's name. */
  async function faulty(fault: string, there: Thing[] = []): Promise<Collection<Thing>> {
    const { name } = await fixture.collection([], there);
    const die = () => {
      throw new Death();
    };
    return faultyStore(fixture.store, fault.replace('?', name), die).collection<Thing>(name);
  }
  const stored = async ({ name }: Collection<Thing>) => idsOf(await fixture.store.collection<Thing>(name).find({}));

  it('dies before a write', async () => {
    const things = await faulty('before:?.insertOne');
    await expect(things.insertOne({ _id: 'a' })).rejects.toThrow(Death);
    expect(await stored(things)).toEqual([]);
  });

  it('dies after a write, when it is the n-th', async () => {
    const things = await faulty('after:?.insertOne:2');
    await things.insertOne({ _id: 'a' });
    await expect(things.insertOne({ _id: 'b' })).rejects.toThrow(Death);
    await things.insertOne({ _id: 'c' });
    expect(await stored(things)).toEqual(['a', 'b', 'c']);
  });

  it('dies inside a write of several documents, with half of them made', async () => {
    const things = await faulty('inside:?.insertMany');
    await things.insertMany([{ _id: 'z' }]);
    await expect(things.insertMany(docs)).rejects.toThrow(Death);
    expect(await stored(things)).toEqual(['a', 'b', 'z']);
    const updated = await faulty('inside:?.updateEach', docs);
    const updates = docs.map(({ _id }) => ({ filter: { _id }, update: { $set: { state: 'old' } } }));
    await expect(updated.updateEach(updates)).rejects.toThrow(Death);
    expect(await updated.count({ state: 'old' })).toBe(2);
    const found = await faulty('inside:?.findEachAndUpdate(state=old)', docs);
    await expect(found.findEachAndUpdate(updates)).rejects.toThrow(Death);
    expect(await found.count({ state: 'old' })).toBe(2);
  });

  it('counts only what changes something', async () => {
    const things = await faulty('after:?.updateOne', docs);
    await things.updateOne({ _id: 'a', state: 'old' }, { $set: { state: 'older' } });
    await things.updateOne({ _id: 'z' }, { $set: { state: 'older' } });
    await expect(things.updateOne({ _id: 'a' }, { $set: { state: 'old' } })).rejects.toThrow(Death);
    const taken = await faulty('after:?.insertMany', docs);
    expect(await taken.insertMany(docs)).toEqual({ duplicates: [0, 1, 2, 3] });
    await expect(taken.insertMany([...docs, { _id: 'e' }])).rejects.toThrow(Death);
    const gone = await faulty('after:?.deleteMany', docs);
    expect(await gone.deleteMany({ state: 'old' })).toEqual({ deleted: 0 });
    await expect(gone.deleteMany({ state: 'new' })).rejects.toThrow(Death);
  });

  it('tells writes by what they write', async () => {
    const update = (things: Collection<Thing>, state: string) =>
      things.findOneAndUpdate({ _id: 'a' }, { $set: { state }, $unset: { 'holds.x': '' } });
    const byValue = await faulty('after:?.findOneAndUpdate(state=sent)', docs);
    expect(await update(byValue, 'old')).toMatchObject({ state: 'old' });
    await expect(update(byValue, 'sent')).rejects.toThrow(Death);
    const byPath = await faulty('after:?.findOneAndUpdate(holds)', docs);
    await expect(update(byPath, 'old')).rejects.toThrow(Death);
    const byOther = await faulty('after:?.findOneAndUpdate(hold)', docs);
    expect(await update(byOther, 'old')).toMatchObject({ state: 'old' });
  });

  it('leaves reads and other writes alone', async () => {
    const things = await faulty('before:?.deleteOne', docs);
    await things.insertOne({ _id: 'e' });
    await things.updateMany({}, { $set: { state: 'old' } });
    expect(await things.count({ state: 'old' })).toBe(5);
  });

  it.each([
    '',
    'insertOne',
    'after:things',
    'after:things.find',
    'within:things.insertOne',
    'after:things.insertOne:0',
  ])('refuses %j', (name) => {
    expect(() => faultyStore(fixture.store, name)).toThrow('FAULT must be before, inside or after a write');
  });

  it('lists where it could die', async () => {
    const { name } = await fixture.collection();
    const told: string[] = [];
    const things = listFaults(fixture.store, (point) => told.push(point)).collection<Thing>(name);
    for (const _id of ['a', 'b']) await things.insertOne({ _id });
    await things.updateOne({ _id: 'z' }, { $set: { state: 'old' } });
    await things.insertMany(docs);
    await things.find({});
    expect(told).toEqual([`after:${name}.insertOne`, `after:${name}.insertMany`, `inside:${name}.insertMany`]);
  });
}
