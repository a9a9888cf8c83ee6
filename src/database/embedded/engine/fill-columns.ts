import { columnValue, type Column } from './column.js';
import type { Database } from './database.js';
import { inTransaction } from './in-transaction.js';
import { tableSql } from './table-names.js';

const ROWS_AT_A_TIME = 2000;

/**
 * Adds columns and fills them from the existing documents. Each step commits by itself; until the last one says `filled`
 * nothing reads the columns, and a start after a crash in the middle fills them again.
 */
export function fillColumns(database: Database, collection: string, columns: readonly Column[]): void {
  const table = tableSql(collection);
  const present = new Set(database.rows(`PRAGMA table_info(${table})`).map(([, name]) => name));
  for (const { name, sql } of columns) if (!present.has(name)) database.exec(`ALTER TABLE ${table} ADD COLUMN ${sql}`);
  mark(database, collection, columns, 0);
  const update = `UPDATE ${table} SET ${columns.map(({ sql }) => `${sql} = ?`).join(', ')} WHERE rowid = ?`;
  let last: number | undefined = -1;
  while (last !== undefined) last = fillSome(database, collection, columns, update, last);
  mark(database, collection, columns, 1);
}

function fillSome(
  database: Database,
  collection: string,
  columns: readonly Column[],
  update: string,
  after: number,
): number | undefined {
  const rows = database.rows(
    `SELECT rowid, _id, doc FROM ${tableSql(collection)} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    [after, ROWS_AT_A_TIME],
  );
  inTransaction(database, () => {
    for (const [rowid, id, json] of rows) {
      const doc: unknown = JSON.parse(json as string);
      try {
        database.run(update, [...columns.map((column) => columnValue(column, doc)), rowid!]);
      } catch (error) {
        throw new Error(`${collection} ${String(id)} can't be indexed: ${(error as Error).message}`, { cause: error });
      }
    }
  });
  return rows.at(-1)?.[0] as number | undefined;
}

function mark(database: Database, collection: string, columns: readonly Column[], filled: 0 | 1): void {
  inTransaction(database, () => {
    for (const { path, nulls } of columns)
      database.run('INSERT OR REPLACE INTO trunkline_columns VALUES (?, ?, ?, ?)', [collection, path, nulls, filled]);
  });
}
