import type { Database } from './database.js';

/** More than a small write needs, so that a disk counts as full a little before a request fails. */
const BYTES = 65_536;

/** @throws SQLITE_FULL while the disk has no room. */
export function tryToWrite(database: Database): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.run('INSERT INTO trunkline_lock VALUES (zeroblob(?))', [BYTES]);
    database.run('DELETE FROM trunkline_lock');
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
