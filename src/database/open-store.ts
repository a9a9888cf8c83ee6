import type { Store } from './collection.js';
import { openEmbeddedStore } from './embedded/embedded-store.js';

export interface StoreOptions {
  /** When it is absent, the embedded store in `dataDir` is used. */
  mongoUri?: string;
  mongoDb: string;
  dataDir: string;
}

export async function openStore({ mongoUri, mongoDb, dataDir }: StoreOptions): Promise<Store> {
  if (!mongoUri) return openEmbeddedStore({ dir: dataDir });
  // Imported only where it is used: the driver takes a tenth of a start's time.
  const { openMongoStore } = await import('./mongo/mongo-store.js');
  return openMongoStore({ uri: mongoUri, db: mongoDb });
}
