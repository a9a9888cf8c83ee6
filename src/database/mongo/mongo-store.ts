import { MongoClient, type Db } from 'mongodb';
import type { Collection, CollectionSpec, Store, Watching } from '../collection.js';
import type { Doc, Sort, Where } from '../query.js';
import { watchInserts } from './change-stream.js';
import { applyMongoIndexes } from './mongo-indexes.js';
import { MongoCollection } from './mongo-collection.js';
import { winningStages } from './winning-stages.js';

export async function openMongoStore({ uri, db }: { uri: string; db: string }): Promise<MongoStore> {
  const client = new MongoClient(uri, {
    // An accepted message must survive the loss of a member and of its power.
    writeConcern: { w: 'majority', j: true },
    readPreference: 'primary',
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 10_000,
  });
  await client.connect();
  return new MongoStore(client, client.db(db));
}

export class MongoStore implements Store {
  readonly kind = 'mongo';

  constructor(
    private readonly client: MongoClient,
    readonly db: Db,
  ) {}

  collection<T extends Doc>(name: string): Collection<T> {
    return new MongoCollection<T>(this.db.collection<T>(name));
  }

  async collectionNames(): Promise<string[]> {
    const found = await this.db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
    return found.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
  }

  async applyIndexes(specs: readonly CollectionSpec[]): Promise<void> {
    for (const spec of specs) await applyMongoIndexes(this.db, spec);
  }

  async ping(): Promise<void> {
    await this.db.command({ ping: 1 });
  }

  watch<T extends Doc>(name: string, seen: (doc: T) => void, ended: (error: Error) => void): Promise<Watching> {
    return watchInserts(this.db.collection<T>(name), seen, ended);
  }

  /** The stages of the plan that the server would take, outermost first, for tests that guard against scans. */
  async explain(collection: string, filter: Where, sort?: Sort): Promise<string[]> {
    const cursor = this.db.collection(collection).find(filter, { sort });
    return winningStages(await cursor.explain('queryPlanner'));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
