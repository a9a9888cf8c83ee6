import type { Collection, Store } from './collection.js';
import type { Doc } from './query.js';

const READS = ['findOne', 'find', 'count', 'countBy'] as const satisfies readonly (keyof Collection<Doc>)[];
export const WRITES = [
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

export type Write = (typeof WRITES)[number];
export type Operation = Write | (typeof READS)[number];

export interface Call {
  collection: string;
  operation: Operation;
  args: unknown[];
}

/** The same store, with every operation passed to `around`, which answers instead. Works for both kinds of store. */
export function wrapStore(
  store: Store,
  around: (call: Call, run: (...args: unknown[]) => Promise<unknown>) => Promise<unknown>,
): Store {
  const wrapCollection = <T extends Doc>(collection: Collection<T>): Collection<T> => {
    const wrapped = Object.create(collection) as Record<string, unknown>;
    for (const operation of [...READS, ...WRITES]) {
      const run = (collection[operation] as (...args: unknown[]) => Promise<unknown>).bind(collection);
      wrapped[operation] = (...args: unknown[]) => around({ collection: collection.name, operation, args }, run);
    }
    return wrapped as unknown as Collection<T>;
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === 'collection') return <T extends Doc>(of: string) => wrapCollection(target.collection<T>(of));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
