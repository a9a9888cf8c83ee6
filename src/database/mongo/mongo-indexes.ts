import { MongoServerError, type Db, type IndexDescription } from 'mongodb';
import type { CollectionSpec, IndexSpec } from '../collection.js';
import { indexName } from '../index-name.js';

const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;
const NAMESPACE_EXISTS = 48;

/**
 * Creates missing indexes and drops none: during an upgrade gateways of two versions use one database, and each needs its own indexes.
 * Names contain a hash of the definition, so a changed index is a new one.
 */
export async function applyMongoIndexes(db: Db, { name, indexes }: CollectionSpec): Promise<void> {
  // Servers before version 7 return this error when the collection exists.
  await unless([NAMESPACE_EXISTS], db.createCollection(name));
  const collection = db.collection(name);
  const present = new Set((await collection.listIndexes().toArray()).map((index) => index.name as string));
  const missing = indexes.filter((index) => !present.has(indexName(index)));
  if (missing.length > 0) await collection.createIndexes(missing.map(description));
}

export async function dropMongoIndex(db: Db, collection: string, index: IndexSpec): Promise<void> {
  await unless([NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND], db.collection(collection).dropIndex(indexName(index)));
}

/** Waits for a command; ignores the error that its work was already done. */
async function unless(done: readonly number[], command: Promise<unknown>): Promise<void> {
  await command.catch((error: unknown) => {
    if (!(error instanceof MongoServerError && done.includes(Number(error.code)))) throw error;
  });
}

function description(index: IndexSpec): IndexDescription {
  const { keys, unique, partial, expireAfterSeconds } = index;
  return {
    name: indexName(index),
    key: { ...keys },
    ...(unique && { unique }),
    ...(partial && { partialFilterExpression: { ...partial } }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
  };
}
