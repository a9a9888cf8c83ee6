import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { StoreFailure } from '../../common/store-failure.js';
import { DuplicateKeyError } from '../query.js';

export const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;

/**
 * A server that can't answer: not reachable, shutting down, or no longer primary
 * (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml).
 */
const NO_ANSWER: ReadonlySet<unknown> = new Set([6, 7, 24, 64, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Runs an operation; E11000 becomes DuplicateKeyError with the index's fields, and a server that can't answer a StoreFailure. */
export async function asking<R>(collection: string, operation: () => Promise<R>): Promise<R> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
      throw new DuplicateKeyError(collection, keyOf(error));
    throw storeFailure(error) ?? error;
  }
}

export function storeFailure(error: unknown): StoreFailure | undefined {
  if (error instanceof MongoError && error.code === OUT_OF_DISK_SPACE) return new StoreFailure('full', error);
  return hasNoAnswer(error) ? new StoreFailure('unavailable', error) : undefined;
}

function hasNoAnswer(error: unknown): boolean {
  // The error that stopped an insertion of several documents is inside.
  if (error instanceof MongoBulkWriteError && (error.errorResponse as unknown) instanceof Error)
    return hasNoAnswer(error.errorResponse);
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError
  )
    return true;
  if (error instanceof MongoError) return NO_ANSWER.has(error.code);
  // The socket's own error: the driver passes it on when it writes to a socket that was just closed.
  return /^(E[A-Z]+|ERR_(STREAM|SOCKET)_\w+)$/.test(String((error as { code?: unknown }).code));
}

function keyOf({ keyPattern, message }: MongoServerError): string {
  if (keyPattern) return Object.keys(keyPattern as object).join(',');
  return /index: (\S+)/.exec(message)?.[1] ?? 'key';
}
