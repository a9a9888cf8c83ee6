import type { Update, Where } from '../../query.js';
import { decodeJson, encodeJson } from '../document-json.js';
import { segmentsOf } from '../documents/path.js';
import { project } from '../documents/projection.js';
import { compileUpdate, type CompiledUpdate } from '../documents/update-document.js';
import { columnValue, isList, type Column } from './column.js';
import type { Bindable } from './column-value.js';
import type { Database } from './database.js';
import { duplicateKeyError } from './duplicate-key.js';
import { insertOne } from './insert-documents.js';
import { readDocuments, type Found } from './read-documents.js';
import type { Table } from './table.js';

export interface OneUpdate {
  filter: Where;
  update: Update;
  upsert?: boolean;
}

export interface Updated {
  matched: 0 | 1;
  upserted: boolean;
  before?: string;
  after?: string;
  doc?: Record<string, unknown>;
}

export function updateOne(database: Database, table: Table, { filter, update, upsert }: OneUpdate): Updated {
  const compiled = compileUpdate(update);
  const [found] = readDocuments(database, table, { filter, limit: 1 });
  if (found) {
    const doc = found.doc ?? decodeJson<Record<string, unknown>>(found.json);
    return {
      matched: 1,
      upserted: false,
      before: found.json,
      after: rewrite(database, table, found, compiled, doc),
      doc,
    };
  }
  if (!upsert) return { matched: 0, upserted: false };
  const json = encodeJson(compiled.insertion(filter));
  insertOne(database, table, json);
  return { matched: 0, upserted: true, after: json };
}

export function updateMany(database: Database, table: Table, filter: Where, update: Update): number {
  const compiled = compileUpdate(update);
  const found = readDocuments(database, table, { filter });
  for (const row of found) rewrite(database, table, row, compiled, row.doc ?? decodeJson(row.json));
  return found.length;
}

export function updateEach(database: Database, table: Table, updates: readonly OneUpdate[]): boolean[] {
  return eachUpdated(database, table, updates).map(({ matched }) => matched === 1);
}

/** Returns a JSON list of the changed documents, or of their named fields; null where the filter did not hold. */
export function findEachAndUpdate(
  database: Database,
  table: Table,
  updates: readonly OneUpdate[],
  fields: readonly string[] | undefined,
): string {
  const texts = eachUpdated(database, table, updates).map(({ after, doc }) =>
    doc && fields ? encodeJson(project(doc, fields)) : (after ?? 'null'),
  );
  return `[${texts.join(',')}]`;
}

/** Every item is tried; the first error is thrown after the last one. */
function eachUpdated(database: Database, table: Table, updates: readonly OneUpdate[]): Updated[] {
  const errors: unknown[] = [];
  const results = updates.map((update): Updated => {
    try {
      return updateOne(database, table, update);
    } catch (error) {
      if (!database.inTransaction) throw error;
      errors.push(error);
      return { matched: 0, upserted: false };
    }
  });
  if (errors.length > 0) throw new ItemError(errors[0]);
  return results;
}

/** One item of a list failed; the writes of the other items stay. */
export class ItemError extends Error {
  constructor(override readonly cause: unknown) {
    super('an item of a list failed');
  }
}

/** Writes only the columns that changed, so that SQLite leaves the other indexes alone. */
function rewrite(
  database: Database,
  table: Table,
  found: Found,
  update: CompiledUpdate,
  doc: Record<string, unknown>,
): string {
  const columns = affected(table, update.paths);
  const before = columns.map((column) => columnValue(column, doc));
  update.apply(doc);
  const json = encodeJson(doc);
  if (json === found.json) return json;
  const sets = ['doc = ?'];
  const values: Bindable[] = [json];
  columns.forEach((column, i) => {
    const value = columnValue(column, doc);
    if (sameValue(value, before[i]!)) return;
    sets.push(`${column.sql} = ?`);
    values.push(value);
  });
  try {
    database.run(`UPDATE ${table.sql} SET ${sets.join(', ')} WHERE rowid = ?`, [...values, found.rowid]);
  } catch (error) {
    throw duplicateKeyError(table.collection, error) ?? error;
  }
  return json;
}

function affected(table: Table, paths: readonly string[]): Column[] {
  return table.columns.filter((column) =>
    // An update may name a place in a list.
    isList(column)
      ? paths.some((path) => segmentsOf(path)[0] === column.segments[0])
      : paths.some((path) => overlap(path, column.path)),
  );
}

function overlap(path: string, column: string): boolean {
  return path === column || path.startsWith(`${column}.`) || column.startsWith(`${path}.`);
}

function sameValue(a: Bindable, b: Bindable): boolean {
  return a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b));
}
