import { expect, it } from '@jest/globals';
import type { IndexSpec } from '../../src/database/collection.js';
import type { Sort, Where } from '../../src/database/query.js';
import type { Fixture } from './contract-store.js';

const CLAIM: IndexSpec = {
  keys: { queue: 1, priority_weight: 1, _id: 1 },
  partial: { ready: true },
};
const INDEXES: readonly IndexSpec[] = [
  CLAIM,
  { keys: { queue: 1, due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
  { keys: { due_at: 1, _id: 1 }, partial: { due_at: { $exists: true } } },
  { keys: { tenant_id: 1, status: 1, _id: 1 } },
  { keys: { key_hash: 1 }, unique: true, partial: { key_hash: { $exists: true } } },
  { keys: { purge_at: 1 }, expireAfterSeconds: 3600 },
  {
    keys: { tenant_id: 1, claims: 1 },
    list: 'claims',
    unique: true,
    partial: { claims: { $exists: true } },
  },
  { keys: { tags: 1 }, list: 'tags' },
];

const QUERIES: readonly [what: string, filter: Where, sort?: Sort][] = [
  ['the head of a queue', { queue: 'q1', ready: true }, { priority_weight: 1, _id: 1 }],
  ['what waits in all queues', { queue: { $gt: '' }, ready: true }],
  ['the head of the next queue', { queue: { $gt: 'q1' }, ready: true }, { queue: 1, priority_weight: 1, _id: 1 }],
  [
    'the head of the next priority',
    { queue: 'q1', priority_weight: { $gt: 0 }, ready: true },
    { queue: 1, priority_weight: 1, _id: 1 },
  ],
  ['what waits for a time', { due_at: { $exists: true } }],
  ['what is due', { due_at: { $lte: new Date(5) } }, { due_at: 1, _id: 1 }],
  ['what is due in a queue', { queue: 'q1', due_at: { $lte: new Date(5) } }, { due_at: 1, _id: 1 }],
  [
    'what waits in a queue for the same instant',
    { queue: 'q1', due_at: new Date(5), _id: { $gt: 'n005' } },
    { due_at: 1, _id: 1 },
  ],
  ["a tenant's list, newest first", { tenant_id: 't', status: 'queued' }, { _id: -1 }],
  ["a page of a tenant's list", { tenant_id: 't', status: 'queued', _id: { $gt: 'n005' } }, { _id: 1 }],
  ['one key', { key_hash: 'h' }],
  ['one element of a list', { tenant_id: 't1', claims: 'c3' }],
  ['one element of a list, in a state', { tenant_id: 't1', claims: 'c3', status: 'queued' }, { _id: -1 }],
  ['some elements of a list', { tenant_id: 't1', claims: { $in: ['c3', 'd3', 'c10'] } }, { _id: 1 }],
  ['a range of elements', { tenant_id: 't1', claims: { $gte: 'c3', $lt: 'c4' } }],
  ["a page of a tenant's lists", { tenant_id: 't1', claims: { $exists: true }, _id: { $gt: 'n005' } }, { _id: 1 }],
  ['an element in a tenant', { tenant_id: 't1', tags: 'g3' }],
  ['an element in one document', { _id: 'n005', claims: 'c294' }],
  ['one document without an element', { _id: 'n005', claims: { $ne: 'c3' } }],
  ['one document in a state', { _id: 'n005', status: 'queued' }],
  ['some documents', { _id: { $in: ['n001', 'n002', 'n003'] } }],
];

export function indexUseSuite(fixture: Fixture): void {
  // Of a row without an order, a third parameter would be Jest's `done`.
  it.each(QUERIES)('reads no more than it needs for %s', async (_what, filter, ...[sort]) => {
    const { store } = fixture;
    const plan = (await store.explain((await filled()).name, filter, sort)).join('\n');
    // DocumentDB may sort while it has no statistics of new documents yet, so there only a scan counts.
    expect(plan).not.toMatch(store.kind === 'embedded' ? /SCAN|TEMP B-TREE|SORT|MATCH/ : /COLLSCAN/);
    expect(plan).not.toBe('');
  });

  it('reads only the entries of a list that a tenant and an element have', async () => {
    const { store } = fixture;
    if (store.kind !== 'embedded') return;
    const plan = (filter: Where) => filled().then(({ name }) => store.explain(name, filter));
    expect(await plan({ tenant_id: 't1', claims: 'c3', purge_at: new Date(5) })).toEqual([
      expect.stringMatching(/^SEARCH docs_\w+ USING INDEX sqlite_autoindex_docs_\w+_1 \(_id=\?\)$/),
      'LIST SUBQUERY 1',
      expect.stringMatching(/^SEARCH list_\w+\.claims USING COVERING INDEX .+ \(c_tenant_id=\? AND c_claims=\?\)$/),
    ]);
    expect((await plan({ tenant_id: 't1', claims: { $gte: 'c3' } })).at(-1)).toMatch(
      /\(c_tenant_id=\? AND c_claims>\? AND c_claims<\?\)$/,
    );
  });

  it('claims in the order of the index', async () => {
    const things = await filled();
    const sort = { priority_weight: 1, _id: 1 } as const;
    const head = await things.find(
      { queue: 'q1', ready: true },
      { sort, limit: 5, fields: ['priority_weight', 'sequence'] },
    );
    expect(head.map((doc) => doc.sequence)).toEqual([37, 34, 31, 28, 25]);
    await things.updateOne({ _id: head[0]!._id }, { $unset: { ready: true }, $set: { due_at: new Date(1) } });
    expect(await things.findOne({ queue: 'q1', ready: true }, { sort })).toMatchObject({ sequence: 34 });
    expect(await things.find({ due_at: { $lte: new Date(5) } }, { sort: { due_at: 1, _id: 1 } })).toHaveLength(1);
    await things.updateOne({ _id: head[0]!._id }, { $set: { ready: true }, $unset: { due_at: true } });
  });

  it('come into being once when several ask for them at once', async () => {
    const { store } = fixture;
    const spec = {
      name: `shared_${Date.now().toString(36)}`,
      indexes: [{ keys: { n: 1 } }, { keys: { m: 1 } }],
    } as const;
    await Promise.all(Array.from({ length: 4 }, () => store.applyIndexes([spec])));
    expect((await store.explain(spec.name, { m: 1 })).join()).toMatch(/INDEX|IXSCAN/);
  });

  it('of another version stay until a migration drops them, where versions run side by side', async () => {
    const { store } = fixture;
    if (store.kind !== 'mongo') return;
    const older = { keys: { n: 1 } } as const;
    const { name } = await fixture.collection([older]);
    const keys = async () => (await store.db.collection(name).indexes()).map((index) => Object.keys(index.key).join());
    await store.applyIndexes([{ name, indexes: [{ keys: { m: 1 } }] }]);
    expect((await keys()).sort()).toEqual(['_id', 'm', 'n']);
    await store.dropIndex(name, older);
    await store.dropIndex(name, older);
    await store.dropIndex('nowhere', older);
    expect((await keys()).sort()).toEqual(['_id', 'm']);
  });

  it('removes what has expired, where the sweep can be asked for', async () => {
    const { store } = fixture;
    if (store.kind !== 'embedded') return; // a server sweeps once a minute, in its own time
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
    const things = await fixture.collection([{ keys: { purge_at: 1 }, expireAfterSeconds: 60 }]);
    await things.insertMany([
      { _id: 'over', purge_at: at(-61) },
      { _id: 'due', purge_at: at(-60) },
      { _id: 'fresh', purge_at: at(-59) },
      { _id: 'never' },
      { _id: 'null', purge_at: null },
      { _id: 'text', purge_at: '1970' },
      { _id: 'number', purge_at: 0 },
      ...Array.from({ length: 1200 }, (_, i) => ({ _id: `old${i}`, purge_at: at(-1000 - i) })),
    ]);
    expect(await store.sweepExpired(at(0))).toBe(1202);
    expect(await things.count({})).toBe(5);
    expect(await store.sweepExpired(at(0))).toBe(0);
  });

  let collection: ReturnType<Fixture['collection']> | undefined;
  const filled = () =>
    (collection ??= fixture.collection(
      INDEXES,
      Array.from({ length: 300 }, (_, i) => ({
        // Not in the order in which they were put in.
        _id: `n${String(299 - i).padStart(3, '0')}`,
        queue: `q${i % 3}`,
        ready: true,
        priority_weight: Math.floor(i / 20) === 1 ? 0 : 1,
        created_at: new Date(1000 + (i % 10)),
        sequence: i,
        tenant_id: `t${i % 7}`,
        status: i % 2 ? 'queued' : 'sent',
        key_hash: `h${i}`,
        claims: [`c${i}`, `d${i}`],
        tags: [`g${i % 50}`, 'all'],
      })),
    ));
}
