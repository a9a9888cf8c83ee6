import { exitWith } from '../common/start-failure.js';
import { loadConfig } from '../config/load-config.js';
import { readEnvironment } from '../config/read-environment.js';
import { COLLECTIONS } from '../database/indexes.js';
import { openStore } from '../database/open-store.js';

/** Creates what is missing of the collections and indexes. Safe to repeat; the gateway does the same at its start. */
async function createIndexes(): Promise<void> {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  const store = await openStore({ mongoUri: config.MONGO_URI, mongoDb: config.MONGO_DB, dataDir: config.DATA_DIR });
  await store.applyIndexes(COLLECTIONS);
  process.stdout.write(`The indexes of ${COLLECTIONS.length} collections are in place.\n`);
  await store.close();
}

createIndexes().catch(exitWith);
