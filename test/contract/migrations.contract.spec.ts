import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, type Migration } from '../../src/database/migrations.js';
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
    await Promise.all(Array.from({ length: 5 }, () => migrate(opened.store, [step(1), step(2)])));
    expect(runs).toEqual(['step 1', 'step 2']);
    expect(await schema()).toEqual({ _id: 'schema', version: 2 });
  });

  it('go on from where a failed one stopped', async () => {
    runs = [];
    const failing = [step(1), step(2), step(3), step(4, () => Promise.reject(new Error('disk')))];
    await expect(migrate(opened.store, failing)).rejects.toThrow('disk');
    await migrate(opened.store, [step(1), step(2), step(3), step(4)]);
    expect(runs).toEqual(['step 3', 'step 4', 'step 4']);
    expect(await schema()).toEqual({ _id: 'schema', version: 4 });
  });

  it('refuse data that is newer than the program', async () => {
    await expect(migrate(opened.store, [step(1)])).rejects.toThrow('newer Trunkline');
  });

  it('give the messages there are their numbers from the end', async () => {
    const older = await open();
    const messages = older.store.collection<{ _id: string; to: string; to_reversed?: string }>('sms_messages');
    await older.store
      .collection<{ _id: string; version: number }>('app_config')
      .insertOne({ _id: 'schema', version: 1 });
    const to = (i: number) => `+8490${1_000_000 + i}`;
    await messages.insertMany(Array.from({ length: 1100 }, (_, i) => ({ _id: `msg_${i}`, to: to(i) })));
    await migrate(older.store);
    expect(await messages.count({ to_reversed: null })).toBe(0);
    expect(await messages.findOne({ _id: 'msg_23' })).toMatchObject({
      to: '+84901000023',
      to_reversed: '32000010948+',
    });
    await older.remove();
  });
});
