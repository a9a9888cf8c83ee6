import type { Store } from './collection.js';
import { openEmbeddedStore } from './embedded/embedded-store.js';
import { openMongoStore } from './mongo/mongo-store.js';

export interface StoreOptions {
  /** When it is absent, the embedded store in `dataDir` is used. */
  mongoUri?: string;
  mongoDb: string;
  dataDir: string;
}

export function openStore({ mongoUri, mongoDb, dataDir }: StoreOptions): Promise<Store> {
  return mongoUri ? openMongoStore({ uri: mongoUri, db: mongoDb }) : openEmbeddedStore({ dir: dataDir });
}
