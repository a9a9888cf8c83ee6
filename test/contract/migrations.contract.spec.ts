import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../src/common/version.js';
import { applyAllIndexes } from '../../src/control/indexes.repository.js';
import { prepareStore, type Migration } from '../../src/database/migrations.js';
import { KINDS, type ContractStore } from './contract-store.js';

describe.each(KINDS)('migrations of the %s store', (_name, open) => {
  let opened: ContractStore;
  let runs: string[];
  const step = (version: number, run = () => Promise.resolve()): Migration => ({
    version,
    name: `step ${version}`,
    run: () => {
      runs.push(`step ${version}`);
      return run();
    },
  });
  const schema = () =>
    opened.store.collection<{ _id: 'schema'; version: number }>('app_config').findOne({ _id: 'schema' });

  beforeAll(async () => {
    opened = await open();
    await opened.store.applyIndexes([{ name: 'app_config', indexes: [] }]);
  });
  afterAll(() => opened.remove());

  it('run once, in order, by one of those that start together', async () => {
    runs = [];
    await Promise.all(Array.from({ length: 5 }, () => prepareStore(opened.store, [], [step(1), step(2)])));
    expect(runs).toEqual(['step 1', 'step 2']);
    expect(await schema()).toEqual({ _id: 'schema', version: 2, program: VERSION });
  });

  it('go on from where a failed one stopped', async () => {
    runs = [];
    const failing = [step(1), step(2), step(3), step(4, () => Promise.reject(new Error('disk')))];
    await expect(prepareStore(opened.store, [], failing)).rejects.toThrow('disk');
    await prepareStore(opened.store, [], [step(1), step(2), step(3), step(4)]);
    expect(runs).toEqual(['step 3', 'step 4', 'step 4']);
    expect(await schema()).toEqual({ _id: 'schema', version: 4, program: VERSION });
  });

  it('refuse data that is newer than the program', async () => {
    const start = () => prepareStore(opened.store, [], [step(1)]);
    await expect(start()).rejects.toThrow(
      `The data has schema version 4; this program (Trunkline ${VERSION}) knows versions up to 1. Use a newer Trunkline`,
    );
    const config = opened.store.collection<{ _id: string; version: number; program: string }>('app_config');
    await config.updateOne({ _id: 'schema' }, { $set: { version: 999, program: '7.8.9' } });
    const before = await schema();
    await expect(start()).rejects.toThrow('Use Trunkline 7.8.9 or newer, or restore a backup');
    // A command that makes indexes would drop those that it doesn't know.
    await expect(applyAllIndexes(opened.store)).rejects.toThrow('Use Trunkline 7.8.9 or newer');
    expect(await opened.store.collectionNames()).toEqual(['app_config']);
    expect(await schema()).toEqual(before);
  });

  it('give the messages there are their numbers from the end', async () => {
    const older = await open();
    const messages = older.store.collection<{ _id: string; to: string; to_reversed?: string }>('sms_messages');
    await older.store
      .collection<{ _id: string; version: number }>('app_config')
      .insertOne({ _id: 'schema', version: 1 });
    const to = (i: number) => `+8490${1_000_000 + i}`;
    await messages.insertMany(Array.from({ length: 1100 }, (_, i) => ({ _id: `msg_${i}`, to: to(i) })));
    await prepareStore(older.store);
    expect(await messages.count({ to_reversed: null })).toBe(0);
    expect(await messages.findOne({ _id: 'msg_23' })).toMatchObject({
      to: '+84901000023',
      to_reversed: '32000010948+',
    });
    await older.remove();
  });

  it('keep the caps of SIMs where no phone writes, and do it once', async () => {
    const older = await open();
    const agents = older.store.collection<{ _id: string; device_id: string; sims: object[]; sim_caps?: object }>(
      'agents',
    );
    const schema = older.store.collection<{ _id: string; version: number }>('app_config');
    await schema.insertOne({ _id: 'schema', version: 3 });
    const sim = (slot: number, daily_cap: number | null) => ({ slot, number: null, carrier: 'Mobi', daily_cap });
    await agents.insertMany([
      { _id: 'agt_1', device_id: 'one', sims: [sim(0, null), sim(1, 200), sim(2, 0)] },
      { _id: 'agt_2', device_id: 'two', sims: [] },
    ]);
    const caps = async () => (await agents.find({}, { sort: { _id: 1 } })).map(({ sim_caps }) => sim_caps);
    await prepareStore(older.store);
    expect(await caps()).toEqual([{ 1: 200, 2: 0 }, {}]);
    // It was cut off before it was done, and an administrator was quick.
    await agents.updateOne({ _id: 'agt_1' }, { $set: { 'sim_caps.1': 300 } });
    await schema.updateOne({ _id: 'schema' }, { $set: { version: 3 } });
    await prepareStore(older.store);
    expect(await caps()).toEqual([{ 1: 300, 2: 0 }, {}]);
    await older.remove();
  });
});
