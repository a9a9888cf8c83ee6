import { StoreFailure } from '../common/store-failure.js';
import type { Store } from './collection.js';
import { wrapStore } from './wrapped-store.js';

/** Longer than any of our operations takes on a busy server: the largest writes a thousand documents. */
const LONGEST_MILLIS = 10_000;

/**
 * The same store; on a server, every operation fails after this time. The driver detects a server that answers nothing, but a server that
 * answers pings and hangs on a write (a disk that is stuck) would keep callers waiting for ever. The write may still be made.
 */
export function limitedStore(store: Store): Store {
  if (store.kind === 'embedded') return store;
  return wrapStore(store, async ({ collection, operation, args }, run) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const tooLate = () =>
        reject(new StoreFailure('unavailable', new Error(`${collection}.${operation} was not answered in time.`)));
      timer = setTimeout(tooLate, LONGEST_MILLIS);
    });
    try {
      return await Promise.race([run(...args), late]);
    } finally {
      clearTimeout(timer);
    }
  });
}
