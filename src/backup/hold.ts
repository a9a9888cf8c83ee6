import type { Config } from '../config/load-config.js';
import type { GatewayLink } from '../control/gateway-link.js';
import { onFolder } from '../control/on-folder.js';
import { openStore } from '../database/open-store.js';
import { HOLD_FILE, RELEASE_FILE } from './file-hold.js';

/** The store's file doesn't change until `release`. */
export interface Hold {
  by: 'the running gateway' | 'this command';
  /** @throws when the file may have changed since the hold began. */
  release(): Promise<void>;
}

/** Asks the gateway that owns the folder; if there is none, opens the folder itself. */
export function holdFolder({ DATA_DIR, MONGO_DB }: Config): Promise<Hold> {
  return onFolder(DATA_DIR, () => holdHere(DATA_DIR, MONGO_DB), holdThere);
}

async function holdHere(dataDir: string, mongoDb: string): Promise<Hold> {
  const store = await openStore({ dataDir, mongoDb });
  await store.file!.holdStill().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return { by: 'this command', release: () => store.close() };
}

async function holdThere(gateway: GatewayLink): Promise<Hold> {
  let held!: Promise<void>;
  const id = await new Promise<string>((resolve, reject) => {
    held = gateway.call(HOLD_FILE, [], resolve);
    held.catch(reject);
  });
  return {
    by: 'the running gateway',
    release: async () => {
      await gateway.call(RELEASE_FILE, [id]);
      await held;
    },
  };
}
