import type { Database } from './database.js';
import { CHECKPOINT_PAGES } from './open-database.js';

/**
 * Between checkpoints SQLite writes to the log alone (https://www.sqlite.org/wal.html). So the log is emptied into the file, and no
 * further checkpoint happens by itself. The only others are ours: at `letGo` and at `close`.
 */
export function holdStill(database: Database): void {
  emptyLog(database);
  database.rows('PRAGMA wal_autocheckpoint = 0');
}

/** The log may have grown long; emptied now, it gives its disk space back. */
export function letGo(database: Database): void {
  database.rows(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  emptyLog(database);
}

function emptyLog(database: Database): void {
  const [isBusy] = database.rows('PRAGMA wal_checkpoint(TRUNCATE)')[0]!;
  if (isBusy !== 0) throw new Error("The log of the store's file could not be emptied. Try again in a moment.");
}
