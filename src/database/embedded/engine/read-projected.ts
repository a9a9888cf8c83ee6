import { compileFilter } from './compile-filter.js';
import type { Database } from './database.js';
import type { Selection } from './read-documents.js';
import { orderBy, type Table } from './table.js';

/** Paths into lists and objects are left to `project`. */
const TOP_LEVEL = /^[a-z]\w*$/;

/**
 * The documents' named fields as JSON, cut out by SQLite: measured three times as fast as to parse, project and write each document here,
 * and with no fields but `_id` the index alone is read. Undefined where SQL can't decide, order or project alone.
 */
export function readProjected(
  database: Database,
  table: Table,
  selection: Selection,
  fields: readonly string[],
): string[] | undefined {
  const order = orderBy(table, selection.sort);
  const { where, values, exact } = compileFilter(table, selection.filter);
  if (!exact || order === undefined || !fields.every((field) => TOP_LEVEL.test(field))) return undefined;
  const parts = [...new Set(fields)].map((field) => ` || coalesce(',"${field}":' || (doc -> '$.${field}'), '')`);
  const select = `SELECT '{"_id":' || json_quote(_id)${parts.join('')} || '}' FROM ${table.sql}${where}${order}`;
  const { limit = -1, skip = 0 } = selection;
  return database.rows(`${select} LIMIT ? OFFSET ?`, [...values, limit, skip]).map(([json]) => json as string);
}
