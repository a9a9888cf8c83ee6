import { isRecord, own, segmentsOf, type Segments } from '../documents/path.js';
import type { Bindable } from './column-value.js';
import { listElements } from './list-elements.js';
import { refuse, storedScalar } from './stored-scalar.js';

/**
 * How a column distinguishes null from missing. SQLite's unique index allows any number of NULLs, MongoDB's counts a missing field as
 * a value, and a `$exists` index of MongoDB holds an explicit null; so NULL can't always represent both.
 * - `none`: both are NULL.
 * - `unique` (member of a unique index without a condition): both are -Infinity, which a document can't hold.
 * - `exists` (named by a `$exists` condition): missing is NULL, an explicit null is -Infinity.
 * - `list` and `unique list`: the column holds all elements (see list-elements.ts); missing is NULL, or null as in `unique`.
 */
export type NullMode = 'none' | 'unique' | 'exists' | 'list' | 'unique list';

export interface Column {
  readonly path: string;
  readonly segments: Segments;
  /** Quoted, ready for SQL. */
  readonly sql: string;
  readonly name: string;
  readonly nulls: NullMode;
}

export const ID_COLUMN: Column = { path: '_id', segments: ['_id'], sql: '_id', name: '_id', nulls: 'none' };

export function makeColumn(path: string, nulls: NullMode): Column {
  if (!/^\w+(\.\w+)*$/.test(path)) throw new TypeError(`${JSON.stringify(path)} can't be indexed: not a field path`);
  const name = `c_${path.replaceAll('.', '__')}`;
  return { path, segments: segmentsOf(path), sql: `"${name}"`, name, nulls };
}

/** The column's value for this document, whose dates may still be `{"$date": ms}` or already be revived. */
export function columnValue(column: Column, doc: unknown): Bindable {
  if (isList(column)) return listElements(column.path, column.segments, doc, column.nulls === 'unique list');
  let value = doc;
  for (const segment of column.segments) {
    if (Array.isArray(value)) refuse(column.path, 'a list');
    value = isRecord(value) ? own(value, segment) : undefined;
  }
  if (value === undefined) return column.nulls === 'unique' ? -Infinity : null;
  if (value === null) return column.nulls === 'none' ? null : -Infinity;
  return storedScalar(column.path, value);
}

export function isList({ nulls }: Column): boolean {
  return nulls === 'list' || nulls === 'unique list';
}
