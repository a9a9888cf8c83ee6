import type { Sort, Where } from '../../query.js';
import { decodeJson } from '../document-json.js';
import { compileMatcher, type Matcher } from '../documents/matcher.js';
import { sortDocuments } from '../documents/sort-documents.js';
import { compileFilter, type CompiledFilter } from './compile-filter.js';
import type { Bindable } from './column-value.js';
import type { Database, Row } from './database.js';
import { orderBy, type Table } from './table.js';

export interface Selection {
  filter: Where;
  sort?: Sort;
  skip?: number;
  limit?: number;
}

/** A document that was found; `doc` is set when the matcher needed it. */
export interface Found {
  rowid: number;
  json: string;
  doc?: Record<string, unknown>;
}

/** Rows of the first attempt when SQL only finds candidates and a limit is given; each further attempt reads four times as many. */
const FIRST_CHUNK = 64;

export function readDocuments(database: Database, table: Table, selection: Selection): Found[] {
  const compiled = compileFilter(table, selection.filter);
  const order = orderBy(table, selection.sort);
  const select = `SELECT rowid, doc FROM ${table.sql}${compiled.where}${order ?? ''}`;
  const skip = selection.skip ?? 0;
  const limit = selection.limit ?? Infinity;
  if (order === undefined) {
    const found = compiled.exact
      ? decoded(readAll(database, select, compiled.values))
      : readMatching(database, select, compiled, compileMatcher(selection.filter), Infinity);
    return sortDocuments(found as Required<Found>[], selection.sort!).slice(skip, skip + limit);
  }
  if (compiled.exact) return readPage(database, select, compiled.values, skip, limit);
  return readMatching(database, select, compiled, compileMatcher(selection.filter), skip + limit).slice(skip);
}

function readPage(database: Database, select: string, values: Bindable[], skip: number, limit: number): Found[] {
  if (skip > 0) return readAll(database, `${select} LIMIT ? OFFSET ?`, [...values, finite(limit), skip]);
  if (limit === 1) {
    const row = database.first(`${select} LIMIT 1`, values);
    return row ? [foundIn(row)] : [];
  }
  if (limit !== Infinity) return readAll(database, `${select} LIMIT ?`, [...values, limit]);
  return readAll(database, select, values);
}

/** SQLite reads a negative limit as no limit. */
function finite(limit: number): number {
  return limit === Infinity ? -1 : limit;
}

function readAll(database: Database, sql: string, values: readonly Bindable[]): Found[] {
  return database.rows(sql, values).map(foundIn);
}

function foundIn([rowid, json]: Row): Found {
  return { rowid: rowid as number, json: json as string };
}

function decoded(found: Found[]): Found[] {
  for (const row of found) row.doc = decodeJson(row.json);
  return found;
}

/** Reads in growing chunks, each with its own statement: an unfinished statement would block checkpoints. */
function readMatching(
  database: Database,
  select: string,
  { values }: CompiledFilter,
  matches: Matcher,
  enough: number,
): Found[] {
  const found: Found[] = [];
  let offset = 0;
  for (let chunk = enough === Infinity ? -1 : FIRST_CHUNK; ; chunk *= 4) {
    const rows = readAll(database, `${select} LIMIT ? OFFSET ?`, [...values, chunk, offset]);
    for (const row of rows) {
      row.doc = decodeJson(row.json);
      if (matches(row.doc) && found.push(row) === enough) return found;
    }
    if (rows.length < chunk || chunk < 0) return found;
    offset += rows.length;
  }
}
