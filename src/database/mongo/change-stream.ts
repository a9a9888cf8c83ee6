import type { ChangeStreamDocument, Collection } from 'mongodb';
import type { Watching } from '../collection.js';
import type { Doc } from '../query.js';

/**
 * A change stream. It works on a replica set or a sharded cluster; a standalone server refuses it. The driver resumes it where it can.
 * @throws the server's error when the server refuses it.
 */
export async function watchInserts<T extends Doc>(
  collection: Collection<T>,
  seen: (doc: T) => void,
  ended: (error: Error) => void,
): Promise<Watching> {
  const stream = collection.watch<T>([{ $match: { operationType: 'insert' } }]);
  let isClosed = false;
  const take = (change: ChangeStreamDocument<T> | null): void => {
    if (change?.operationType === 'insert') seen(change.fullDocument);
  };
  const takeAll = async (): Promise<void> => {
    for (;;) take(await stream.next());
  };
  try {
    // The driver opens the stream only when the first change is requested.
    take(await stream.tryNext());
  } catch (error) {
    await stream.close();
    throw error;
  }
  takeAll().catch((error: Error) => isClosed || ended(error));
  return {
    close: async () => {
      isClosed = true;
      await stream.close();
    },
  };
}
