import type { Database } from './database.js';
import { CHECKPOINT_PAGES } from './open-database.js';

/**
 * Between checkpoints SQLite writes only to the log (https://www.sqlite.org/wal.html). So the log is emptied into the file, and automatic
 * checkpoints are switched off. The only other checkpoints are our own, at `letGo` and at `close`.
 */
export function holdStill(database: Database): void {
  emptyLog(database);
  database.rows('PRAGMA wal_autocheckpoint = 0');
}

/** Empties the log, which may have grown long, to free its disk space. */
export function letGo(database: Database): void {
  database.rows(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  emptyLog(database);
}

function emptyLog(database: Database): void {
  const [isBusy] = database.rows('PRAGMA wal_checkpoint(TRUNCATE)')[0]!;
  if (isBusy !== 0) throw new Error("The log of the store's file could not be emptied. Try again in a moment.");
}
