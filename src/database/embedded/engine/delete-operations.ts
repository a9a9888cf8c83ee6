import type { Where } from '../../query.js';
import { compileFilter } from './compile-filter.js';
import { encodeScalar } from './column-value.js';
import type { Database } from './database.js';
import { readDocuments } from './read-documents.js';
import type { Table } from './table.js';

/** How many expired documents one operation removes, so that other work can run in between. */
export const SWEPT_AT_A_TIME = 500;

export function deleteOne(database: Database, table: Table, filter: Where): number {
  const [found] = readDocuments(database, table, { filter, limit: 1 });
  return found ? database.run(`DELETE FROM ${table.sql} WHERE rowid = ?`, [found.rowid]) : 0;
}

export function deleteMany(database: Database, table: Table, filter: Where): number {
  const { where, values, exact } = compileFilter(table, filter);
  if (exact) return database.run(`DELETE FROM ${table.sql}${where}`, values);
  const found = readDocuments(database, table, { filter });
  for (const { rowid } of found) database.run(`DELETE FROM ${table.sql} WHERE rowid = ?`, [rowid]);
  return found.length;
}

/** Removes up to SWEPT_AT_A_TIME documents that have expired by a TTL index; returns how many. */
export function sweepExpired(database: Database, tables: readonly Table[], now: number): number {
  let left = SWEPT_AT_A_TIME;
  for (const table of tables) {
    for (const { column, seconds } of table.expiring) {
      if (left === 0) return SWEPT_AT_A_TIME;
      const expired = `SELECT rowid FROM ${table.sql} WHERE ${column.sql} <= ? AND ${column.sql} >= x'09' LIMIT ?`;
      const limit = encodeScalar(new Date(now - seconds * 1000));
      left -= database.run(`DELETE FROM ${table.sql} WHERE rowid IN (${expired})`, [limit, left]);
    }
  }
  return SWEPT_AT_A_TIME - left;
}
