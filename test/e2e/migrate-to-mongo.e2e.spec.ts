import { MongoClient } from 'mongodb';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { prepareStore } from '../../src/database/migrations.js';
import { openMongoStore, type MongoStore } from '../../src/database/mongo/mongo-store.js';
import { canonicalText } from '../../src/database/transfer/canonical.js';
import { moveStore, type MovedCollection } from '../../src/database/transfer/transfer-store.js';
import type { Collection, Store } from '../../src/database/collection.js';
import { TestGateway } from '../support/gateway.js';
import { Program } from '../support/program.js';
import { codes, lease, openShop, report } from '../support/shop.js';

const uri = process.env['MONGO_TEST_URI'];
interface Thing {
  _id: string;
  [field: string]: unknown;
}

describe('the move to MongoDB', () => {
  let root: string;
  let database: string;
  const programs: Program[] = [];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trunkline-move-'));
    database = `trunkline_move_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  });
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.kill()));
    rmSync(root, { recursive: true, force: true });
    if (!uri) return;
    const client = await MongoClient.connect(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });

  function run(env: Record<string, string>, ...args: string[]): Program {
    const all = { DATA_DIR: root, MONGO_DB: database, ...env };
    const program = new Program('commands/migrate-to-mongo.js', root, all, args);
    programs.push(program);
    return program;
  }

  it('says what it needs', async () => {
    for (const args of [
      [],
      ['--to'],
      ['--to', 'postgres://x'],
      ['--form', 'mongodb://127.0.0.1'],
      ['mongodb://127.0.0.1'],
    ]) {
      const program = run({}, ...args);
      expect(await program.ended).toEqual({ code: 2, signal: null });
      expect(program.errors).toContain('npm run migrate-to-mongo');
    }
    const nothing = run({ MONGO_URI: 'mongodb://127.0.0.1:1/' });
    expect(await nothing.ended).toEqual({ code: 1, signal: null });
    expect(nothing.errors).toContain(`The folder ${root} contains no store`);
    const store = await openEmbeddedStore({ dir: root });
    const running = run({ MONGO_URI: 'mongodb://127.0.0.1:1/' });
    expect(await running.ended).toEqual({ code: 1, signal: null });
    expect(running.errors).toMatch(/^Another Trunkline process uses the data folder .+ Stop that process first/);
    await store.close();
  });

  it('takes documents for equal when they are, and only then', () => {
    const at = new Date(5);
    const same: [unknown, unknown][] = [
      [
        { a: 1, b: { d: at, c: null } },
        { b: { c: null, d: new Date(5) }, a: 1, e: undefined },
      ],
      ['half \ud83d', 'half \ufffd'],
    ];
    for (const [left, right] of same) expect(canonicalText(left)).toBe(canonicalText(right));
    const all = [
      { a: null },
      {},
      { a: '5' },
      { a: 5 },
      { a: at },
      { a: 'date(5)' },
      { a: [5] },
      { a: { b: 5 } },
      { b: 5 },
      [1, 2],
      [2, 1],
    ];
    expect(new Set(all.map(canonicalText)).size).toBe(all.length);
  });

  // A move needs a MongoDB to go to: MONGO_TEST_URI names one.
  (!uri ? describe.skip : describe)('with a server', () => {
    /** A gateway on the folder, or on the database. */
    const startGateway = (onMongo: boolean) =>
      TestGateway.start({ DATA_DIR: root, MONGO_URI: onMongo ? uri! : '', MONGO_DB: database });

    it('lets a phone finish on MongoDB what it began on the embedded store', async () => {
      const before = await startGateway(false);
      const shop = await openShop(before);
      const { body: accepted } = await shop.client.post('/requests', codes(shop, 'ấy', 'thứ hai', 'ba'));
      const [job] = await lease(shop.phone, 1);
      expect(await report(shop.phone, job!.message_id, 'SENDING')).toMatchObject({ result: 'updated' });
      const seen = (await shop.client.get(`/messages?request_id=${accepted.request_id}`)).body;
      await before.stop();

      const program = run({ MONGO_URI: uri! });
      expect({ ...(await program.ended), errors: program.errors }).toEqual({ code: 0, signal: null, errors: '' });
      expect(program.output).toMatch(/^ {2}sms_messages +3 +3 {2}equal$/m);
      expect(program.output).not.toContain('NOT EQUAL');
      expect(readdirSync(root).filter((name) => name.startsWith('trunkline'))).toEqual([
        expect.stringMatching(/^trunkline\.db\.moved-to-mongo-/),
      ]);

      const after = await startGateway(true);
      try {
        const api = after.api;
        // The same tokens, keys and secrets.
        const phone = { ...shop.phone, api: api.withToken(shop.phone.token) };
        const client = api.as(shop.client.credentials);
        expect((await api.as(shop.admin.credentials).get('/auth/me')).status).toBe(200);
        expect((await client.get(`/messages?request_id=${accepted.request_id}`)).body).toEqual(seen);
        expect(await report(phone, job!.message_id, 'SENT', { lease_id: job!.lease_id })).toMatchObject({
          result: 'updated',
        });
        expect(await report(phone, job!.message_id, 'DELIVERED')).toMatchObject({ result: 'updated' });
        const { history } = (await client.get(`/messages/${job!.message_id}`)).body;
        expect(history.map((entry: { event: string; to?: string }) => entry.to ?? entry.event)).toEqual([
          'accepted',
          'ASSIGNED',
          'SENDING',
          'SENT',
          'DELIVERED',
        ]);
        // Those that waited go out once; a text sent before is still a duplicate.
        expect(await lease(phone)).toHaveLength(2);
        expect(await lease(phone)).toHaveLength(0);
        const again = await client.post('/requests', codes(shop, 'ấy'));
        expect(again.body).toMatchObject({ total_created: 0, total_skipped: 1 });
        const other = await client.post('/requests', codes(shop, 'new'));
        expect(other.body).toMatchObject({ total_created: 1 });
      } finally {
        await after.stop();
      }
      const indexes = await MongoClient.connect(uri!).then(async (mongo) => {
        const found = await mongo.db(database).collection('fingerprints').listIndexes().toArray();
        await mongo.close();
        return found;
      });
      expect(indexes).toContainEqual(expect.objectContaining({ key: { expires_at: 1 }, expireAfterSeconds: 0 }));
    });

    describe('of single documents', () => {
      let from: EmbeddedStore;
      let to: MongoStore;

      beforeEach(async () => {
        from = await openEmbeddedStore({ dir: root });
        to = await openMongoStore({ uri: uri!, db: database });
        await prepareStore(from);
      });
      afterEach(async () => {
        await from.close();
        await to.close();
      });

      const move = (target: Store = to) =>
        moveStore(from, target, { now: new Date('2026-11-21T10:00:00Z'), say: () => undefined, page: 3 });
      const things = (store: Store) => store.collection<Thing>('things');
      const allThings = (store: Store) => things(store).find({}, { sort: { _id: 1 } });
      const unequal = (moved: MovedCollection[]) => moved.filter(({ isEqual }) => !isEqual).map(({ name }) => name);
      const fill = (count: number) =>
        things(from).insertMany(
          Array.from({ length: count }, (_, i) => ({ _id: `t${String(i).padStart(3, '0')}`, n: i })),
        );
      /** A target of which one collection behaves otherwise. */
      const changed = (change: (real: Collection<Thing>) => Partial<Collection<Thing>>): Store =>
        new Proxy(to, {
          get: (store, name) => {
            const value = Reflect.get(store, name) as unknown;
            if (name !== 'collection') return typeof value === 'function' ? value.bind(store) : value;
            return (collection: string) => {
              const real = store.collection<Thing>(collection);
              if (collection !== 'things') return real;
              const overrides = change(real);
              return new Proxy(real, {
                get: (target, key) => {
                  if (key in overrides) return Reflect.get(overrides, key) as unknown;
                  const own = Reflect.get(target, key) as unknown;
                  return typeof own === 'function' ? own.bind(target) : own;
                },
              });
            };
          },
        });
      const breakingOff = (pages: number) =>
        changed((real) => ({
          insertMany: async (docs) => {
            if (--pages > 0) return real.insertMany(docs);
            await real.insertMany(docs.slice(0, 1));
            throw new Error('the line broke');
          },
        }));

      it('keeps what is odd about them', async () => {
        const odd: Thing[] = [
          { _id: 'a', missing: undefined, empty: null, none: [], nothing: {}, text: '' },
          {
            _id: 'b',
            at: new Date(1_700_000_000_123),
            old: new Date(-1),
            deep: { list: [{ at: new Date(0) }, null, 'x'] },
          },
          { _id: 'm', metadata: { $price: 1, 'a.b': { $date: 5 }, __proto: 'x', '': 'empty' } },
          { _id: 'c', big: 2 ** 53 - 1, negative: -(2 ** 40), fraction: 0.1, small: 5e-324, yes: true, no: false },
          { _id: 'đ', text: 'Xin chào 👋 \u0000 \u2028', 'a name': 1, constructor: 'x', ünï: 2, 10: 'ten', 9: 'nine' },
        ];
        await things(from).insertMany(odd);
        expect(unequal(await move())).toEqual([]);
        expect(await allThings(to)).toEqual(await allThings(from));
      });

      it('goes on where it was broken off, and doubles nothing', async () => {
        await fill(20);
        await expect(move(breakingOff(3))).rejects.toThrow('the line broke');
        // Two pages and a part of the third.
        expect(await things(to).count({})).toBe(7);
        await expect(prepareStore(to)).rejects.toThrow('A move of data into this database is not finished');
        const inserted: string[] = [];
        const counting = changed((real) => ({
          insertMany: (docs) => {
            inserted.push(...docs.map(({ _id }) => _id));
            return real.insertMany(docs);
          },
        }));
        expect(unequal(await move(counting))).toEqual([]);
        expect(inserted).toHaveLength(14);
        expect(await allThings(to)).toEqual(await allThings(from));
        await prepareStore(to);
      });

      it('finds what has changed in the folder between two tries', async () => {
        await fill(20);
        await expect(move(breakingOff(5))).rejects.toThrow('the line broke');
        await things(from).updateOne({ _id: 't001' }, { $set: { n: 'other' } });
        await things(from).deleteOne({ _id: 't002' });
        await things(from).insertOne({ _id: 't0025' });
        expect(unequal(await move())).toEqual([]);
        expect(await allThings(to)).toEqual(await allThings(from));
      });

      it('is not finished while anything differs', async () => {
        await fill(10);
        const altering = changed((real) => ({
          insertMany: (docs) => real.insertMany(docs.map((doc) => (doc._id === 't004' ? { ...doc, n: 'x' } : doc))),
        }));
        expect(unequal(await move(altering))).toEqual(['things']);
        await expect(prepareStore(to)).rejects.toThrow('A move of data into this database is not finished');
        expect(unequal(await move())).toEqual([]);
        expect(await allThings(to)).toEqual(await allThings(from));
      });

      it('takes only an empty database, or its own that is not finished', async () => {
        await to.collection('users').insertOne({ _id: 'somebody' });
        await expect(move()).rejects.toThrow('already holds data (users). Name an empty one with MONGO_DB');
        expect(await to.collection('users').find({})).toEqual([{ _id: 'somebody' }]);
        await to.collection('users').deleteOne({ _id: 'somebody' });
        expect(unequal(await move())).toEqual([]);
        await expect(move()).rejects.toThrow(
          'A move of this folder to this database was finished at 2026-11-21T10:00:00.000Z',
        );

        await to.db.dropDatabase();
        await expect(move(breakingOff(1))).resolves.toBeDefined();
        await to.db.dropDatabase();
        await fill(5);
        await expect(move(breakingOff(1))).rejects.toThrow('the line broke');
        await from.collection('app_config').deleteOne({ _id: 'moving_out' });
        await expect(move()).rejects.toThrow('an unfinished move of another folder');
      });
    });
  });
});
