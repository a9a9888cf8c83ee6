import type { Db, IndexDescription } from 'mongodb';
import type { CollectionSpec, IndexSpec } from '../collection.js';
import { INDEX_NAME_PREFIX, indexName } from '../index-name.js';

/**
 * Creates what is missing and drops what we once made and no longer declare. Names carry a hash of the definition, so a changed
 * index is a new one; an operator's own indexes are left alone.
 */
export async function applyMongoIndexes(db: Db, { name, indexes }: CollectionSpec): Promise<void> {
  const collection = db.collection(name);
  const wanted = new Map(indexes.map((index) => [indexName(index), index]));
  const present = new Set((await existing(db, name)).map((index) => index.name));
  for (const index of present) {
    if (index.startsWith(INDEX_NAME_PREFIX) && !wanted.has(index)) await collection.dropIndex(index);
  }
  const missing = [...wanted].filter(([index]) => !present.has(index));
  if (missing.length > 0) await collection.createIndexes(missing.map(([index, spec]) => description(index, spec)));
}

async function existing(db: Db, name: string): Promise<{ name: string }[]> {
  const [found] = await db.listCollections({ name }).toArray();
  if (!found) {
    await db.createCollection(name);
    return [];
  }
  return db.collection(name).listIndexes().toArray();
}

function description(name: string, { keys, unique, partial, expireAfterSeconds }: IndexSpec): IndexDescription {
  return {
    name,
    key: { ...keys },
    ...(unique && { unique }),
    ...(partial && { partialFilterExpression: { ...partial } }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
  };
}
