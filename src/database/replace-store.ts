import { existsSync, renameSync } from 'node:fs';
import { Database } from './embedded/engine/database.js';
import { openDatabase } from './embedded/engine/open-database.js';
import { storeFileIn } from './store-file.js';

/**
 * Replaces a folder's store with a file; the old store is kept under its name plus `suffix`. Returns that path; undefined when there was no
 * old store.
 * @throws StoreLockedError while a process uses the folder.
 */
export function replaceStore(dir: string, prepared: string, suffix: string): string | undefined {
  const file = storeFileIn(dir);
  if (!existsSync(file)) {
    moveAside(file, suffix);
    renameSync(prepared, file);
    return undefined;
  }
  const present = lock(dir);
  try {
    moveAside(file, suffix);
    renameSync(prepared, file);
    return `${file}${suffix}`;
  } finally {
    present?.close();
  }
}

/**
 * Opens the present store with an empty log, which keeps gateways out until it is closed. Undefined when the file can't be opened as a
 * store, which may be the reason for replacing it.
 */
function lock(dir: string): Database | undefined {
  let database: Database | undefined;
  try {
    database = openDatabase(dir);
    database.rows('PRAGMA journal_mode = DELETE');
    return database;
  } catch (error) {
    if ((error as Error).name === 'StoreLockedError') throw error;
    database?.close();
    return undefined;
  }
}

/** Moves the log first: SQLite would apply a log that stays behind to the new file. */
function moveAside(file: string, suffix: string): void {
  for (const beside of ['-wal', '-journal', '-shm', ''])
    if (existsSync(file + beside)) renameSync(file + beside, file + suffix + beside);
}
