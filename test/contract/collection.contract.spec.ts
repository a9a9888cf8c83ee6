import { afterAll, beforeAll, describe } from '@jest/globals';
import { KINDS, newCollection, type ContractStore, type Fixture } from './contract-store.js';
import { countingSuite } from './counting.suite.js';
import { deletingSuite } from './deleting.suite.js';
import { faultsSuite } from './faults.suite.js';
import { indexUseSuite } from './index-use.suite.js';
import { insertingSuite } from './inserting.suite.js';
import { listWritesSuite } from './list-writes.suite.js';
import { listsSuite } from './lists.suite.js';
import { matchingSuite } from './matching.suite.js';
import { oracleSuite } from './oracle.suite.js';
import { pagingSuite } from './paging.suite.js';
import { sortingSuite } from './sorting.suite.js';
import { uniqueSuite } from './unique.suite.js';
import { updateOperatorsSuite } from './update-operators.suite.js';
import { updatingSuite } from './updating.suite.js';
import { upsertSuite } from './upsert.suite.js';

const SUITES: readonly [about: string, suite: (fixture: Fixture) => void][] = [
  ['inserting', insertingSuite],
  ['matching', matchingSuite],
  ['sorting', sortingSuite],
  ['paging', pagingSuite],
  ['counting', countingSuite],
  ['unique indexes', uniqueSuite],
  ['lists', listsSuite],
  ['elements of lists', listWritesSuite],
  ['updating', updatingSuite],
  ['update operators', updateOperatorsSuite],
  ['upserts', upsertSuite],
  ['deleting', deletingSuite],
  ['faults', faultsSuite],
  ['use of indexes', indexUseSuite],
  ['against an oracle', oracleSuite],
];

/** One suite for both stores: what holds here is what repositories may count on. */
describe.each(KINDS)('a collection of the %s store', (_name, open) => {
  let opened: ContractStore;
  const fixture: Fixture = {
    get store() {
      return opened.store;
    },
    collection: (indexes, docs) => newCollection(opened, indexes, docs),
  };

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.remove());

  describe.each(SUITES)('%s', (_about, suite) => {
    suite(fixture);
  });
});
