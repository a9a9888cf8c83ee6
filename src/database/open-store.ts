import type { Store } from './collection.js';
import { openEmbeddedStore } from './embedded/embedded-store.js';
import { inWords } from './failure-in-words.js';

export interface StoreOptions {
  /** When it is absent, the embedded store in `dataDir` is used. */
  mongoUri?: string;
  mongoDb: string;
  dataDir: string;
}

/** @throws Error that says where the store is and what to do */
export function openStore(options: StoreOptions): Promise<Store> {
  return inWords(options, () => open(options));
}

async function open({ mongoUri, mongoDb, dataDir }: StoreOptions): Promise<Store> {
  if (!mongoUri) return openEmbeddedStore({ dir: dataDir });
  // Imported only where it is used: the driver takes a tenth of a start's time.
  const { openMongoStore } = await import('./mongo/mongo-store.js');
  return openMongoStore({ uri: mongoUri, db: mongoDb });
}
