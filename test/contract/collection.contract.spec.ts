import { afterAll, beforeAll, describe } from 'vitest';
import { KINDS, newCollection, type ContractStore, type Fixture } from './contract-store.js';
import { countingSuite } from './counting.suite.js';
import { deletingSuite } from './deleting.suite.js';
import { indexUseSuite } from './index-use.suite.js';
import { insertingSuite } from './inserting.suite.js';
import { matchingSuite } from './matching.suite.js';
import { oracleSuite } from './oracle.suite.js';
import { pagingSuite } from './paging.suite.js';
import { sortingSuite } from './sorting.suite.js';
import { uniqueSuite } from './unique.suite.js';
import { updateOperatorsSuite } from './update-operators.suite.js';
import { updatingSuite } from './updating.suite.js';
import { upsertSuite } from './upsert.suite.js';

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

  describe('inserting', () => insertingSuite(fixture));
  describe('matching', () => matchingSuite(fixture));
  describe('sorting', () => sortingSuite(fixture));
  describe('paging', () => pagingSuite(fixture));
  describe('counting', () => countingSuite(fixture));
  describe('unique indexes', () => uniqueSuite(fixture));
  describe('updating', () => updatingSuite(fixture));
  describe('update operators', () => updateOperatorsSuite(fixture));
  describe('upserts', () => upsertSuite(fixture));
  describe('deleting', () => deletingSuite(fixture));
  describe('use of indexes', () => indexUseSuite(fixture));
  describe('against an oracle', () => oracleSuite(fixture));
});
