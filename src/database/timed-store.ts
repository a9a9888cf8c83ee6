import type { Collection, Store } from './collection.js';
import { DuplicateKeyError, type Doc } from './query.js';

/** `failed`: it threw something that isn't an answer (a taken key is one). */
export type StoreWatcher = (operation: string, seconds: number, failed: boolean) => void;

const OPERATIONS = [
  'findOne',
  'find',
  'count',
  'countBy',
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'findOneAndUpdate',
  'updateEach',
  'findEachAndUpdate',
  'deleteOne',
  'deleteMany',
] as const satisfies readonly (keyof Collection<Doc>)[];

/** The same store, whose operations are timed: from the call to the answer, waiting for others included. Either kind, in one place. */
export function timedStore(store: Store, watcher: StoreWatcher): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'collection')
        return <T extends Doc>(of: string) => timedCollection(target.collection<T>(of), watcher);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function timedCollection<T extends Doc>(collection: Collection<T>, watcher: StoreWatcher): Collection<T> {
  const timed = Object.create(collection) as Record<string, unknown>;
  for (const name of OPERATIONS) {
    const operation = (collection[name] as (...args: unknown[]) => Promise<unknown>).bind(collection);
    timed[name] = async (...args: unknown[]) => {
      const began = performance.now();
      let failed = false;
      try {
        return await operation(...args);
      } catch (error) {
        failed = !(error instanceof DuplicateKeyError);
        throw error;
      } finally {
        watcher(name, (performance.now() - began) / 1000, failed);
      }
    };
  }
  return timed as unknown as Collection<T>;
}
