import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IndexSpec } from '../../src/database/collection.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { openStoreFile, storeFileIn } from '../../src/database/store-file.js';
import { idsOf, type Thing } from './contract-store.js';

const CLAIMS: IndexSpec = {
  keys: { tenant: 1, claims: 1 },
  list: 'claims',
  unique: true,
  partial: { claims: { $exists: true } },
};

describe('lists in the embedded store', () => {
  let dir: string;
  let opened: EmbeddedStore | undefined;
  const open = async (...indexes: IndexSpec[]) => {
    await opened?.close();
    opened = await openEmbeddedStore({ dir });
    await opened.applyIndexes([{ name: 'things', indexes }]);
    return { store: opened, things: opened.collection<Thing>('things') };
  };
  let copy = '';
  /** A new copy of the closed store's file: the driver keeps a file for a while after it was closed. */
  const copied = async () => {
    await opened?.close();
    opened = undefined;
    copy = join(dir, `${randomUUID()}.db`);
    copyFileSync(storeFileIn(dir), copy);
    return openStoreFile(copy);
  };
  /** The rows of the table of elements. */
  const entries = async () => {
    const file = await copied();
    const rows = file.rows('SELECT _id, c_claims FROM "list_things.claims" ORDER BY 1, 2').map((row) => row.join(' '));
    file.close();
    return rows;
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'trunkline-lists-'));
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    rmSync(dir, { recursive: true, force: true });
  });

  it('are in step with what was written, and swept, when it is opened again', async () => {
    const { store, things } = await open(CLAIMS, { keys: { purge_at: 1 }, expireAfterSeconds: 0 });
    await things.insertMany([
      { _id: 'a', tenant: 't', claims: ['x', 'y'], purge_at: new Date(1000) },
      { _id: 'b', tenant: 't', claims: ['z'], purge_at: new Date(3000) },
    ]);
    expect(await store.sweepExpired(new Date(2000))).toBe(1);
    await things.insertOne({ _id: 'c', tenant: 't', claims: ['x', 'w', 'x'] });
    await expect(things.updateMany({}, { $addToSet: { claims: 'n' } })).rejects.toMatchObject({ key: 'tenant,claims' });
    expect(await entries()).toEqual(['b z', 'c w', 'c x']);
    const again = await open(CLAIMS);
    expect(idsOf(await again.things.find({ claims: 'x' }))).toEqual(['c']);
    await expect(again.things.insertOne({ _id: 'd', tenant: 't', claims: ['x'] })).rejects.toThrow('exists already');
  });

  it('get new tables when a declaration changes, and lose them with it', async () => {
    const { things } = await open({ keys: { claims: 1 } });
    await things.insertMany([
      { _id: 'a', tenant: 't', n: 1, claims: 'x' },
      { _id: 'b', tenant: 't', n: 2 },
    ]);
    await open({ keys: { claims: 1 }, list: 'claims' });
    expect(await entries()).toEqual(['a x']);
    await open({ keys: { n: 1, claims: 1 }, list: 'claims', unique: true });
    expect(await entries()).toEqual(['a x', 'b -Infinity']);
    await open({ keys: { claims: 1 } });
    await expect(entries()).rejects.toThrow('no such table');
    // What another program wrote meanwhile is not missing.
    const without = await open();
    await without.things.updateOne({ _id: 'b' }, { $set: { claims: ['y', 'z'] } });
    const again = await open(CLAIMS);
    expect(await again.things.count({ tenant: 't', claims: 'z' })).toBe(1);
  });

  it('keep their tables when nothing else is declared', async () => {
    const other: IndexSpec = { keys: { note: 1, claims: 1 }, list: 'claims' };
    const { things } = await open(CLAIMS, other);
    await things.insertOne({ _id: 'a', tenant: 't', claims: ['x'] });
    const file = await copied();
    file.exec(`INSERT INTO "list_things.claims" (_id, c_claims) VALUES ('a', 'as it was')`);
    file.close();
    copyFileSync(copy, storeFileIn(dir));
    await open(other, { keys: { n: 1 } }, CLAIMS);
    expect(await entries()).toEqual(['a as it was', 'a x']);
    await open(CLAIMS);
    expect(await entries()).toEqual(['a x']);
  });

  it.each([
    ['a start that was cut off', 'UPDATE trunkline_columns SET filled = 0'],
    ['a start of a program that knows no lists', 'DELETE FROM trunkline_columns'],
  ])('are made again after %s', async (_what, sql) => {
    const { things } = await open(CLAIMS);
    await things.insertMany([
      { _id: 'a', tenant: 't', claims: ['x'] },
      { _id: 'b', tenant: 't', claims: ['z'] },
    ]);
    const file = await copied();
    for (const [id, claim] of [
      ['a', 'z'],
      ['b', 'x'],
    ])
      file.run("UPDATE docs_things SET doc = json_set(doc, '$.claims[0]', ?) WHERE _id = ?", [claim!, id!]);
    file.exec(sql);
    file.close();
    copyFileSync(copy, storeFileIn(dir));
    const again = await open(CLAIMS);
    await again.things.updateOne({ claims: 'z' }, { $push: { claims: { $each: ['y'] } } });
    expect(await entries()).toEqual(['a y', 'a z', 'b x']);
  });

  it('hold no fraction, list or object, and leave nothing of what they refuse', async () => {
    const { things } = await open(CLAIMS);
    await things.insertOne({ _id: 'a', tenant: 't', claims: ['x'] });
    for (const [value, what] of [
      [0.5, 'fraction'],
      [['y'], 'a list'],
      [{ y: 1 }, 'an object'],
      ['y\0', 'a NUL character'],
    ] as const) {
      const refused = `claims can't hold ${what === 'fraction' ? 'a list with a fraction' : what}`;
      await expect(things.insertOne({ _id: 'b', tenant: 't', claims: ['n', value] })).rejects.toThrow(refused);
      await expect(things.updateOne({ _id: 'a' }, { $set: { claims: ['n', value] } })).rejects.toThrow(TypeError);
    }
    await things.insertOne({ _id: 'c', tenant: 't', claims: ['\ud800'] });
    expect(await things.count({ tenant: 't', claims: '\ud800' })).toBe(1);
    expect(await things.count({ tenant: 't', claims: { $gte: 'y\0' } })).toBe(1);
    expect(await things.count({ tenant: 't', claims: { $lt: 'y\0' } })).toBe(1);
    expect((await entries()).map((entry) => entry.split(' ')[0])).toEqual(['a', 'c']);
  });

  it('are declared as such by each index that names them', async () => {
    const list = 'claims';
    const wrong: [IndexSpec[], string][] = [
      [[CLAIMS, { keys: { claims: 1 } }], 'must say so'],
      [[CLAIMS, { keys: { n: 1 }, partial: { claims: { $exists: true } } }], 'must say so'],
      [[{ keys: { n: 1 }, list }], 'as a key'],
      [[{ keys: { claims: 1 }, list, expireAfterSeconds: 0 }], 'nothing expire'],
      [[{ keys: { claims: 1 }, list, partial: { claims: 'x' } }], 'only be $exists'],
      [[CLAIMS, { keys: { claims: 1 }, list, unique: true }], "can't be both"],
    ];
    for (const [indexes, why] of wrong) await expect(open(...indexes)).rejects.toThrow(why);
  });
});
