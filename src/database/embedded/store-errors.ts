import { StoreFailure } from '../../common/store-failure.js';
import { DuplicateKeyError } from '../query.js';

export class StoreLockedError extends Error {
  override name = 'StoreLockedError';
  constructor(dir: string) {
    super(
      `Another Trunkline process uses the data folder ${dir}. ` +
        'Stop that process first, or set DATA_DIR to another folder: only one process can use a folder.',
    );
  }
}

export class StoreClosedError extends Error {
  override name = 'StoreClosedError';
  constructor() {
    super('The store is closed.');
  }
}

/** An error as it crosses from the worker thread. */
export interface ErrorRecord {
  name: string;
  message: string;
  code?: string;
  collection?: string;
  key?: string;
}

export function errorToRecord(error: unknown): ErrorRecord {
  const { name, message, code } = error as Error & { code?: string };
  if (error instanceof DuplicateKeyError) return { name, message, collection: error.collection, key: error.key };
  // libsql defines an error's `name` as its message.
  return { name: name === message ? 'SqliteError' : String(name), message: String(message), code };
}

export function errorFromRecord(record: ErrorRecord): Error {
  if (record.name === 'DuplicateKeyError') return new DuplicateKeyError(record.collection!, record.key!);
  const error = record.name === 'TypeError' ? new TypeError(record.message) : new Error(record.message);
  error.name = record.name;
  if (record.code !== undefined) Object.assign(error, { code: record.code });
  return record.code === 'SQLITE_FULL' ? new StoreFailure('full', error) : error;
}
