import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
});
