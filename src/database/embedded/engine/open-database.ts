import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FILE } from '../data-file.js';
import { StoreLockedError } from '../store-errors.js';
import { Database } from './database.js';

/** Pages in the log after which SQLite writes them into the file. */
export const CHECKPOINT_PAGES = 4000;

const PRAGMAS = [
  // Set before WAL: one process owns the file, so SQLite needs no shared memory file, and later locks cost nothing.
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = FULL',
  'temp_store = MEMORY',
  'cache_size = -24576',
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
];

export function openDatabase(dir: string): Database {
  prepareFolder(dir);
  keepPrivate(join(dir, DATA_FILE));
  try {
    const database = new Database(join(dir, DATA_FILE));
    for (const pragma of PRAGMAS) database.exec(`PRAGMA ${pragma}`);
    // The first write takes the lock, so write at once.
    database.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS trunkline_lock (taken); COMMIT');
    return database;
  } catch (error) {
    if (/^SQLITE_(BUSY|LOCKED)/.test((error as { code?: string }).code ?? '')) throw new StoreLockedError(dir);
    throw error;
  }
}

/**
 * Creates the file readable by its owner only, whatever the folder's mode and the umask. SQLite gives the log the mode of the file. (An existing file is never
 * opened here: closing it would drop the locks of a store that this process has open.)
 */
function keepPrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  for (const beside of ['', '-wal', '-shm', '-journal']) if (existsSync(file + beside)) chmodSync(file + beside, 0o600);
}

function prepareFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new Error(`DATA_DIR is ${dir}, which is a file or in one. Set it to a folder.`, { cause: error });
    throw new Error(
      `The data folder ${dir} can't be written (${message}). ` +
        'Make it writable for the user that runs Trunkline, or set DATA_DIR to another folder.',
      { cause: error },
    );
  }
}
