import type { Store } from './collection.js';
import { DuplicateKeyError } from './query.js';
import { wrapStore } from './wrapped-store.js';

/** `failed`: it threw something that isn't an answer (a taken key is one). */
export type StoreWatcher = (operation: string, seconds: number, failed: boolean) => void;

/** The same store with timed operations: from the call to the answer, including the wait for other operations. */
export function timedStore(store: Store, watcher: StoreWatcher): Store {
  return wrapStore(store, async ({ operation, args }, run) => {
    const began = performance.now();
    let failed = false;
    try {
      return await run(...args);
    } catch (error) {
      failed = !(error instanceof DuplicateKeyError);
      throw error;
    } finally {
      watcher(operation, (performance.now() - began) / 1000, failed);
    }
  });
}
