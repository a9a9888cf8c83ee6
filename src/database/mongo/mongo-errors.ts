import { MongoServerError } from 'mongodb';
import { DuplicateKeyError } from '../query.js';

export const DUPLICATE_KEY = 11000;

/** Runs a write; E11000 becomes DuplicateKeyError with the index's fields. */
export async function writing<R>(collection: string, write: () => Promise<R>): Promise<R> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
      throw new DuplicateKeyError(collection, keyOf(error));
    throw error;
  }
}

function keyOf({ keyPattern, message }: MongoServerError): string {
  if (keyPattern) return Object.keys(keyPattern as object).join(',');
  return /index: (\S+)/.exec(message)?.[1] ?? 'key';
}
