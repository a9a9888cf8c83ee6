import { compileFilter } from './compile-filter.js';
import type { Database } from './database.js';
import type { Selection } from './read-documents.js';
import { orderBy, type Table } from './table.js';

/** Paths into lists and objects are left to `project`. */
const TOP_LEVEL = /^[a-z]\w*$/;

/**
 * The documents' ids and named fields as JSON lists, extracted by SQLite: this takes less than half the time of parsing, projecting and
 * writing each document here, and reads only the index when `_id` is the only field. Undefined where SQL can't filter, order or project alone.
 */
export function readProjected(
  database: Database,
  table: Table,
  selection: Selection,
  fields: readonly string[],
): string | undefined {
  const order = orderBy(table, selection.sort);
  const { where, values, exact } = compileFilter(table, selection.filter);
  if (!exact || order === undefined || !fields.every((field) => TOP_LEVEL.test(field))) return undefined;
  const paths = fields.map((field) => `, '$.${field}'`).join('');
  // One call with all paths parses a document once; with a single path it would return a bare value.
  const list = paths ? `json_extract(doc, '$._id'${paths})` : 'json_array(_id)';
  const { limit = -1, skip = 0 } = selection;
  const sql = `SELECT ${list} FROM ${table.sql}${where}${order} LIMIT ? OFFSET ?`;
  return `{"rows":[${database.rows(sql, [...values, limit, skip]).join(',')}]}`;
}
