import { existsSync, renameSync } from 'node:fs';
import { Database } from './embedded/engine/database.js';
import { openDatabase } from './embedded/engine/open-database.js';
import { storeFileIn } from './store-file.js';

/**
 * Puts a file in the place of a folder's store, which is moved aside to its name and `suffix`. Returns where to; undefined when there
 * was none.
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
 * Keeps gateways out until it is closed, with nothing left in the log. Undefined when the present file can't be opened as a store,
 * which may be the very reason for putting another in its place.
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

/** With its log first: one that stays behind would be played into the new file. */
function moveAside(file: string, suffix: string): void {
  for (const beside of ['-wal', '-journal', '-shm', ''])
    if (existsSync(file + beside)) renameSync(file + beside, file + suffix + beside);
}
