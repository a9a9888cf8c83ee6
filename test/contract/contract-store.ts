import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection, IndexSpec } from '../../src/database/collection.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { openMongoStore, type MongoStore } from '../../src/database/mongo/mongo-store.js';
import type { Doc } from '../../src/database/query.js';

/** A document with any fields, so that tests can be about the store alone. */
export interface Thing extends Doc {
  [field: string]: unknown;
}

export interface ContractStore {
  store: EmbeddedStore | MongoStore;
  /** Closes the store and removes all that it kept. */
  remove(): Promise<void>;
}

export type OpenContractStore = () => Promise<ContractStore>;

async function openEmbedded(): Promise<ContractStore> {
  const dir = await mkdtemp(join(tmpdir(), 'trunkline-contract-'));
  const store = await openEmbeddedStore({ dir });
  const remove = async () => {
    await store.close();
    await rm(dir, { recursive: true });
  };
  return { store, remove };
}

async function openMongo(uri: string): Promise<ContractStore> {
  const store = await openMongoStore({ uri, db: `contract_${randomBytes(6).toString('hex')}` });
  const remove = async () => {
    await store.db.dropDatabase();
    await store.close();
  };
  return { store, remove };
}

/** The embedded store always; MongoDB when MONGO_TEST_URI names a server. */
export const KINDS: readonly [name: string, open: OpenContractStore][] = [['embedded', openEmbedded]];
const uri = process.env.MONGO_TEST_URI;
if (uri) (KINDS as [string, OpenContractStore][]).push(['mongo', () => openMongo(uri)]);

/** What a suite gets: the store, and a new collection with the given indexes and documents for each test. */
export interface Fixture {
  readonly store: EmbeddedStore | MongoStore;
  collection(indexes?: readonly IndexSpec[], docs?: readonly Thing[]): Promise<Collection<Thing>>;
}

let made = 0;

export async function newCollection(
  { store }: Pick<Fixture, 'store'>,
  indexes: readonly IndexSpec[] = [],
  docs: readonly Thing[] = [],
): Promise<Collection<Thing>> {
  const name = `things_${++made}`;
  await store.applyIndexes([{ name, indexes }]);
  const collection = store.collection<Thing>(name);
  if (docs.length > 0) await collection.insertMany(docs);
  return collection;
}

export function idsOf(docs: readonly Doc[]): string[] {
  return docs.map((doc) => doc._id).sort();
}
