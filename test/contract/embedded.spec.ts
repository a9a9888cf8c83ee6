import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import type { IndexSpec } from '../../src/database/collection.js';
import { idsOf, type Thing } from './contract-store.js';

const WRITER = fileURLToPath(new URL('./acknowledging-writer.mjs', import.meta.url));

describe('the embedded store', () => {
  const folders: string[] = [];
  const stores: EmbeddedStore[] = [];

  const newFolder = () => {
    const dir = mkdtempSync(join(tmpdir(), 'trunkline-embedded-'));
    folders.push(dir);
    return dir;
  };
  const open = async (dir = newFolder()) => {
    const store = await openEmbeddedStore({ dir });
    stores.push(store);
    return store;
  };
  const declare = (store: EmbeddedStore, indexes: readonly IndexSpec[]) =>
    store.applyIndexes([{ name: 'things', indexes }]);

  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const dir of folders.splice(0)) rmSync(dir, { recursive: true });
  });

  it('refuses a second opener of its folder in plain words', async () => {
    const store = await open();
    const second = spawn(process.execPath, [WRITER, store.dir]);
    let said = '';
    second.stderr.on('data', (chunk) => (said += chunk));
    const [code] = await once(second, 'close');
    expect(code).toBe(1);
    expect(said).toMatch(
      /^StoreLockedError: Another Trunkline process uses the data folder .+ Stop that process first/,
    );
    await expect(openEmbeddedStore({ dir: store.dir })).rejects.toThrow('Another Trunkline process');
    await store.ping();
  });

  it('loses nothing it has acknowledged when the process is killed', async () => {
    const dir = newFolder();
    const writer = spawn(process.execPath, [WRITER, dir]);
    const acknowledged: string[] = [];
    for await (const id of createInterface({ input: writer.stdout })) {
      acknowledged.push(id);
      if (acknowledged.length === 400) writer.kill('SIGKILL');
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(400);
    const things = (await open(dir)).collection<Thing>('things');
    const found = new Set(idsOf(await things.find({})));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  });

  it('keeps its data and its indexes when it is opened again', async () => {
    const first = await open();
    await declare(first, [
      { keys: { n: 1 }, unique: true },
      { keys: { at: 1 }, expireAfterSeconds: 10 },
    ]);
    await first.collection<Thing>('things').insertOne({ _id: 'a', n: 1, at: new Date(5) });
    await first.close();
    const second = await open(first.dir);
    const things = second.collection<Thing>('things');
    expect(await things.find({})).toEqual([{ _id: 'a', n: 1, at: new Date(5) }]);
    await expect(things.insertOne({ _id: 'b', n: 1 })).rejects.toMatchObject({ name: 'DuplicateKeyError', key: 'n' });
    expect(await second.sweepExpired(new Date(10_005))).toBe(1);
  });

  it('fills the column of an index that is declared later, and forgets one that is declared no more', async () => {
    const store = await open();
    const things = store.collection<Thing>('things');
    const docs = Array.from({ length: 4500 }, (_, i) => ({ _id: `n${i}`, deep: { n: i % 10 }, at: new Date(i) }));
    await things.insertMany(docs);
    await declare(store, [{ keys: { 'deep.n': 1, at: -1 } }]);
    expect(await store.explain('things', { 'deep.n': 3 }, { at: -1 })).toEqual([expect.stringMatching(/^SEARCH/)]);
    expect(await things.count({ 'deep.n': 3 })).toBe(450);
    expect(await things.findOne({ 'deep.n': 3 }, { sort: { at: -1 } })).toMatchObject({ _id: 'n4493' });

    await declare(store, []);
    await things.updateMany({ 'deep.n': 3 }, { $set: { deep: { n: 4 } } });
    expect(await store.explain('things', { 'deep.n': 3 })).toEqual([
      expect.stringMatching(/^SCAN/),
      'MATCH IN JAVASCRIPT',
    ]);
    await declare(store, [{ keys: { 'deep.n': 1 } }]);
    expect(await things.count({ 'deep.n': 3 })).toBe(0);
    expect(await things.count({ 'deep.n': 4 })).toBe(900);
  });

  it('refuses in an indexed field what a column cannot hold, and stores nothing of it', async () => {
    const store = await open();
    await declare(store, [{ keys: { name: 1 } }]);
    const things = store.collection<Thing>('things');
    await expect(things.insertOne({ _id: 'a', name: 'x\0y' })).rejects.toThrow(
      "the indexed field name can't hold a NUL",
    );
    await expect(things.insertOne({ _id: 'a', name: ['x'] })).rejects.toThrow("can't hold a list");
    await expect(things.insertOne({ _id: 'a', name: { x: 1 } })).rejects.toThrow("can't hold an object");
    await expect(things.insertOne({ _id: 'a\0b' })).rejects.toThrow('NUL');
    await expect(things.insertOne({ _id: 'a', n: NaN })).rejects.toThrow('NaN');
    await expect(things.insertMany([{ _id: 'a' }, { _id: 'b', name: [] }])).rejects.toThrow('list');
    expect(await things.find({})).toEqual([]);
    expect(await things.find({ name: 'x\0y' })).toEqual([]);
    expect(await things.find({ name: { $in: ['x\0y', 'z'] } })).toEqual([]);
  });

  it('undoes only the operation that fails of those that share a commit', async () => {
    const store = await open();
    await declare(store, [{ keys: { n: 1 }, unique: true }]);
    const things = store.collection<Thing>('things');
    await things.insertMany([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
      { _id: 'c', n: 3 },
    ]);
    const results = await Promise.allSettled([
      things.insertOne({ _id: 'd', n: 4 }),
      things.updateMany({ n: { $lt: 4 } }, { $inc: { n: 3 } }),
      things.insertOne({ _id: 'a', n: 9 }),
      things.updateOne({ _id: 'b' }, { $set: { n: 20 } }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const found = await things.find({}, { sort: { _id: 1 } });
    expect(found.map((doc) => doc.n)).toEqual([1, 20, 3, 4]);
  });

  it('lets a write pass that comes while another tenant’s long reads wait', async () => {
    const store = await open();
    const things = store.collection<Thing & { tenant_id: string }>('things');
    await things.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: `a${i}`, tenant_id: 'a' })));
    const done: string[] = [];
    const told = async (name: string, work: Promise<unknown>) => {
      const value = await work;
      done.push(name);
      return value;
    };
    const page = () => things.find({ tenant_id: 'a' }, { limit: 300 });
    const pages = [1, 2, 3].map((n) => told(`page ${n} of a`, page()));
    const ofOther = told('page of b', things.find({ tenant_id: 'b' }, { limit: 300 }));
    await told('write', things.insertOne({ _id: 'b0', tenant_id: 'b' }));
    expect(done.slice(0, 1)).toEqual(['write']);
    for (const found of await Promise.all(pages)) expect(found).toHaveLength(300);
    await ofOther;
    expect(done).toEqual(['write', 'page 1 of a', 'page of b', 'page 2 of a', 'page 3 of a']);
  });

  it('finishes what was asked before it closes, and then refuses', async () => {
    const store = await open();
    const things = store.collection<Thing>('things');
    const written = Promise.all(Array.from({ length: 50 }, (_, i) => things.insertOne({ _id: `n${i}` })));
    const pages = [1, 2, 3].map(() => things.find({}, { limit: 500 }));
    await store.close();
    await written;
    for (const found of await Promise.all(pages)) expect(found.length).toBeLessThanOrEqual(50);
    await expect(things.find({})).rejects.toThrow('The store is closed.');
    await expect(store.ping()).rejects.toMatchObject({ name: 'StoreClosedError' });
    await store.close();
    expect(await (await open(store.dir)).collection('things').count({})).toBe(50);
  });

  it('makes its folder for its owner alone, and names one that it cannot use', async () => {
    const dir = join(newFolder(), 'new', 'data');
    await open(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(openEmbeddedStore({ dir: file })).rejects.toThrow(
      `DATA_DIR is ${file}, which is a file or in one. Set it to a folder.`,
    );
  });

  it('keeps its file and its log to its owner, in a folder that is open to everybody and when the file was, too', async () => {
    const dir = newFolder();
    chmodSync(dir, 0o777);
    const umask = process.umask(0);
    try {
      const first = await open(dir);
      await first.collection<Thing>('things').insertOne({ _id: 'a' });
      const modes = () =>
        readdirSync(dir)
          .filter((name) => name.startsWith('trunkline.db'))
          .map((name) => (statSync(join(dir, name)).mode & 0o777).toString(8));
      expect(modes()).toEqual(['600', '600']);
      await first.close();
      chmodSync(join(dir, 'trunkline.db'), 0o644);
      await (await open(dir)).collection<Thing>('things').insertOne({ _id: 'b' });
      expect(modes()).toEqual(['600', '600']);
    } finally {
      process.umask(umask);
    }
  });
});
