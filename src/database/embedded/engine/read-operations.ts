import { countsByName } from '../../group-name.js';
import type { Where } from '../../query.js';
import { decodeJson, encodeJson } from '../document-json.js';
import { getAt } from '../documents/path-write.js';
import { segmentsOf } from '../documents/path.js';
import { project } from '../documents/projection.js';
import { compileFilter } from './compile-filter.js';
import { decodeScalar } from './column-value.js';
import type { Database } from './database.js';
import { readDocuments, type Selection } from './read-documents.js';
import { readProjected } from './read-projected.js';
import { orderBy, type Table } from './table.js';

/** Returns a JSON list of the documents found, or `{rows}` of their ids and fields. */
export function find(database: Database, table: Table, query: Selection & { fields?: readonly string[] }): string {
  const { fields } = query;
  const projected = fields && readProjected(database, table, query, fields);
  if (projected) return projected;
  const found = readDocuments(database, table, query);
  const texts = fields
    ? found.map(({ json, doc }) => encodeJson(project(doc ?? decodeJson(json), fields)))
    : found.map(({ json }) => json);
  return `[${texts.join(',')}]`;
}

export function count(database: Database, table: Table, filter: Where, limit?: number): number {
  const { where, values, exact } = compileFilter(table, filter);
  if (!exact) return readDocuments(database, table, { filter, limit }).length;
  const [total] =
    limit === undefined
      ? database.first(`SELECT COUNT(*) FROM ${table.sql}${where}`, values)!
      : database.first(`SELECT COUNT(*) FROM (SELECT 1 FROM ${table.sql}${where} LIMIT ?)`, [...values, limit])!;
  return total as number;
}

export function countBy(database: Database, table: Table, filter: Where, field: string): Record<string, number> {
  const { where, values, exact } = compileFilter(table, filter);
  const column = table.columnOf.get(field);
  if (exact && column) {
    const sql = `SELECT ${column.sql}, COUNT(*) FROM ${table.sql}${where} GROUP BY ${column.sql}`;
    const groups = database.rows(sql, values);
    return countsByName(groups.map(([value, total]) => [decodeScalar(value!), total as number]));
  }
  const segments = segmentsOf(field);
  const found = readDocuments(database, table, { filter });
  return countsByName(found.map(({ json, doc }) => [getAt(doc ?? decodeJson(json), segments), 1]));
}

/** SQLite's query plan. */
export function explain(database: Database, table: Table, { filter, sort }: Selection): string[] {
  const { where, values, exact } = compileFilter(table, filter);
  const order = orderBy(table, sort);
  const plan = database.explain(`SELECT rowid, doc FROM ${table.sql}${where}${order ?? ''}`, values);
  const lines = plan.map((row) => String(row[3]));
  if (!exact) lines.push('MATCH IN JAVASCRIPT');
  if (order === undefined) lines.push('SORT IN JAVASCRIPT');
  return lines;
}
