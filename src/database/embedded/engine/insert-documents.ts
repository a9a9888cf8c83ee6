import { columnValue } from './column.js';
import type { Bindable } from './column-value.js';
import type { Database } from './database.js';
import { duplicateKeyError } from './duplicate-key.js';
import type { Table } from './table.js';

export function insertOne(database: Database, table: Table, json: string, doc: unknown = JSON.parse(json)): void {
  const row = rowOf(table, json, doc);
  try {
    database.run(table.insertSql, row);
  } catch (error) {
    throw duplicateKeyError(table.collection, error) ?? error;
  }
}

/** Returns the positions of the documents that collide with an existing document or with an earlier one of the list. */
export function insertMany(database: Database, table: Table, documents: readonly string[]): number[] {
  const duplicates: number[] = [];
  const sql = `${table.insertSql} ON CONFLICT DO NOTHING`;
  // Build all rows first: a document that can't be stored must throw before any is stored.
  const rows = documents.map((json) => rowOf(table, json, JSON.parse(json)));
  rows.forEach((row, position) => {
    if (!inserts(database, table, sql, row)) duplicates.push(position);
  });
  return duplicates;
}

/** `ON CONFLICT DO NOTHING` covers the documents' own table; a collision of lists throws. */
function inserts(database: Database, table: Table, sql: string, row: Bindable[]): boolean {
  try {
    return database.run(sql, row) > 0;
  } catch (error) {
    if (duplicateKeyError(table.collection, error)) return false;
    throw error;
  }
}

function rowOf(table: Table, json: string, doc: unknown): Bindable[] {
  const id: unknown = (doc as { _id?: unknown })._id;
  if (typeof id !== 'string' || id.includes('\0')) throw new TypeError('a document needs a string _id without NUL');
  const row: Bindable[] = [id, json];
  for (const column of table.columns) row.push(columnValue(column, doc));
  return row;
}
