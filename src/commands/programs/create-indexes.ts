import { loadConfig } from '../../config/load-config.js';
import { readEnvironment } from '../../config/read-environment.js';
import { applyAllIndexes } from '../../control/indexes.repository.js';
import { runCommand } from '../../control/on-folder.js';
import { openStore } from '../../database/open-store.js';
import { command } from '../command.js';

/** Creates the collections and indexes that are missing. Safe to repeat; the gateway does the same at its start. */
command(async () => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...readEnvironment() });
  await runCommand(config, 'create-indexes', [], async (say) => {
    const store = await openStore({ mongoUri: config.MONGO_URI, mongoDb: config.MONGO_DB, dataDir: config.DATA_DIR });
    say(await applyAllIndexes(store));
    await store.close();
  });
});
