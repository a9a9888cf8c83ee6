import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient, type Db } from 'mongodb';
import { StoreFailure } from '../../common/store-failure.js';
import type { Collection, CollectionSpec, IndexSpec, Store, Watching } from '../collection.js';
import type { Doc, Sort, Where } from '../query.js';
import { watchInserts } from './change-stream.js';
import { applyMongoIndexes, dropMongoIndex } from './mongo-indexes.js';
import { asking, storeFailure } from './mongo-errors.js';
import { MongoCollection } from './mongo-collection.js';
import { winningStages } from './winning-stages.js';

/** How long a start waits for a server that isn't there yet. */
const START_MILLIS = 10_000;
/**
 * A server that is gone or hangs is detected within three seconds: the driver pings it twice a second, and it has 1.5 s to answer. Then
 * the driver aborts the waiting operations, and a second later, if there is no other server, they fail. (The driver has no limit for a
 * whole operation: `timeoutMS` does nothing.)
 */
const NOTICE = { heartbeatFrequencyMS: 500, connectTimeoutMS: 1500, serverSelectionTimeoutMS: 1000 };
const PING_MILLIS = 2000;
const MAJORITY_MILLIS = 5000;

export async function openMongoStore({ uri, db }: { uri: string; db: string }): Promise<MongoStore> {
  const client = new MongoClient(uri, {
    // An accepted message must survive the loss of a member and of its power. Without a majority the server would wait for one for ever.
    writeConcern: { w: 'majority', j: true, wtimeoutMS: MAJORITY_MILLIS },
    readPreference: 'primary',
    ignoreUndefined: true,
    ...NOTICE,
  });
  await connect(client);
  return new MongoStore(client, client.db(db));
}

async function connect(client: MongoClient): Promise<void> {
  const deadline = performance.now() + START_MILLIS;
  for (;;) {
    try {
      return void (await client.connect());
    } catch (error) {
      const failure = storeFailure(error);
      if (!failure || performance.now() > deadline) throw failure ?? error;
      await sleep(NOTICE.heartbeatFrequencyMS);
    }
  }
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

  async dropIndex(collection: string, index: IndexSpec): Promise<void> {
    await dropMongoIndex(this.db, collection, index);
  }

  async ping(): Promise<void> {
    const late = new Promise<never>((_resolve, reject) => {
      const answer = () => reject(new StoreFailure('unavailable', new Error('MongoDB does not answer.')));
      setTimeout(answer, PING_MILLIS).unref();
    });
    await Promise.race([asking('', () => this.db.command({ ping: 1 })), late]);
  }

  watch<T extends Doc>(name: string, seen: (doc: T) => void, ended: (error: Error) => void): Promise<Watching> {
    return watchInserts(this.db.collection<T>(name), seen, ended);
  }

  /** The stages of the server's query plan, outermost first, for tests that guard against scans. */
  async explain(collection: string, filter: Where, sort?: Sort): Promise<string[]> {
    const cursor = this.db.collection(collection).find(filter, { sort });
    return winningStages(await cursor.explain('queryPlanner'));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
