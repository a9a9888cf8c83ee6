import { expect, it } from '@jest/globals';
import { DuplicateKeyError } from '../../src/database/query.js';
import { idsOf, type Fixture } from './contract-store.js';

export function uniqueSuite(fixture: Fixture): void {
  it('counts a missing field and null as one value', async () => {
    const things = await fixture.collection([{ keys: { code: 1 }, unique: true }]);
    await things.insertOne({ _id: 'a' });
    await expect(things.insertOne({ _id: 'b', code: null })).rejects.toThrow(DuplicateKeyError);
    await things.insertOne({ _id: 'c', code: '' });
    await things.insertOne({ _id: 'd', code: 0 });
    await things.insertOne({ _id: 'e', code: false });
    expect(idsOf(await things.find({ code: null }))).toEqual(['a']);
  });

  it('takes several fields together and names them', async () => {
    const things = await fixture.collection([{ keys: { tenant: 1, 'device.id': 1 }, unique: true }]);
    await things.insertOne({ _id: 'a', tenant: 't', device: { id: '1' } });
    await things.insertOne({ _id: 'b', tenant: 'u', device: { id: '1' } });
    await things.insertOne({ _id: 'c', tenant: 't' });
    const failure = things.insertOne({ _id: 'd', tenant: 't', device: { id: '1' } });
    await expect(failure).rejects.toMatchObject({ name: 'DuplicateKeyError', key: 'tenant,device.id' });
    await expect(things.insertOne({ _id: 'e', tenant: 't', device: {} })).rejects.toThrow(DuplicateKeyError);
  });

  it('with a condition holds among the documents that meet it', async () => {
    const things = await fixture.collection([{ keys: { phone: 1 }, unique: true, partial: { active: true } }]);
    await things.insertMany([
      { _id: 'a', phone: '1', active: true },
      { _id: 'b', phone: '1', active: false },
      { _id: 'c', phone: '1' },
    ]);
    await expect(things.insertOne({ _id: 'd', phone: '1', active: true })).rejects.toThrow(DuplicateKeyError);
    await expect(things.updateOne({ _id: 'b' }, { $set: { active: true } })).rejects.toThrow(DuplicateKeyError);
    expect(await things.findOne({ _id: 'b' })).toMatchObject({ active: false });
    await things.updateOne({ _id: 'a' }, { $set: { active: false } });
    expect(await things.updateOne({ _id: 'b' }, { $set: { active: true } })).toMatchObject({ matched: 1 });
  });

  it('of what exists lets any number be without the field, but counts null', async () => {
    const things = await fixture.collection([
      { keys: { tenant: 1, key: 1 }, unique: true, partial: { key: { $exists: true } } },
    ]);
    await things.insertMany([
      { _id: 'a', tenant: 't' },
      { _id: 'b', tenant: 't' },
      { _id: 'c', tenant: 't', key: null },
    ]);
    expect(await things.count({})).toBe(3);
    await expect(things.insertOne({ _id: 'd', tenant: 't', key: null })).rejects.toThrow(DuplicateKeyError);
    await things.insertOne({ _id: 'e', tenant: 't', key: 'k' });
    await expect(things.updateOne({ _id: 'a' }, { $set: { key: 'k' } })).rejects.toThrow(DuplicateKeyError);
    expect(idsOf(await things.find({ key: null }))).toEqual(['a', 'b', 'c']);
    expect(idsOf(await things.find({ key: { $exists: true } }))).toEqual(['c', 'e']);
  });

  it('is refused by a value that an update takes away from another document', async () => {
    const things = await fixture.collection(
      [{ keys: { n: 1 }, unique: true }],
      [
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
      ],
    );
    await expect(things.updateOne({ _id: 'a' }, { $inc: { n: 1 } })).rejects.toMatchObject({ key: 'n' });
    await expect(things.findOneAndUpdate({ _id: 'a' }, { $set: { n: 2 } })).rejects.toThrow(DuplicateKeyError);
    expect(await things.find({}, { sort: { _id: 1 } })).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ]);
  });

  it('can be declared later, and is refused when there are duplicates', async () => {
    const things = await fixture.collection([{ keys: { n: 1 } }], [{ _id: 'a', n: 1 }, { _id: 'b' }]);
    const declare = (indexes: Parameters<Fixture['collection']>[0]) =>
      fixture.store.applyIndexes([{ name: things.name, indexes: indexes! }]);
    await declare([{ keys: { n: 1 }, unique: true }]);
    await expect(things.insertOne({ _id: 'c' })).rejects.toThrow(DuplicateKeyError);
    expect(await things.findOne({ n: null })).toEqual({ _id: 'b' });
    await declare([]);
    await things.insertOne({ _id: 'c' });
    await expect(declare([{ keys: { n: 1 }, unique: true }])).rejects.toThrow(Error);
  });
}
