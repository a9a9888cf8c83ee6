import type { IndexSpec } from '../../collection.js';
import type { Sort } from '../../query.js';
import { ID_COLUMN, isList, type Column } from './column.js';
import { listTables, type ListTable } from './list-table.js';
import { tableSql } from './table-names.js';

/** A collection as the engine knows it: its columns and what its indexes imply. */
export interface Table {
  readonly collection: string;
  /** Quoted, ready for SQL. */
  readonly sql: string;
  /** The columns that are filled from documents, without `_id` and `doc`. */
  readonly columns: readonly Column[];
  /** Columns by field path, including `_id`, without lists. */
  readonly columnOf: ReadonlyMap<string, Column>;
  /** By field path. */
  readonly lists: ReadonlyMap<string, ListTable>;
  /** The constants that conditions of partial indexes name, by field path. */
  readonly partialConstants: ReadonlyMap<string, ReadonlySet<string | number | boolean>>;
  readonly expiring: readonly { column: Column; seconds: number }[];
  readonly insertSql: string;
}

export function makeTable(collection: string, columns: readonly Column[], indexes: readonly IndexSpec[]): Table {
  const scalars = [ID_COLUMN, ...columns].filter((column) => !isList(column));
  const columnOf = new Map(scalars.map((column) => [column.path, column]));
  const lists = new Map(listTables(collection, columns, indexes).map((list) => [list.column.path, list]));
  const partialConstants = new Map<string, Set<string | number | boolean>>();
  const expiring: { column: Column; seconds: number }[] = [];
  for (const { keys, partial, expireAfterSeconds } of indexes) {
    for (const [path, condition] of Object.entries(partial ?? {})) {
      if (typeof condition === 'object') continue;
      partialConstants.set(path, (partialConstants.get(path) ?? new Set()).add(condition));
    }
    const column = columnOf.get(Object.keys(keys)[0] ?? '');
    if (expireAfterSeconds !== undefined && column) expiring.push({ column, seconds: expireAfterSeconds });
  }
  const sql = tableSql(collection);
  const names = ['_id', 'doc', ...columns.map((column) => column.sql)];
  const insertSql = `INSERT INTO ${sql} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return { collection, sql, columns, columnOf, lists, partialConstants, expiring, insertSql };
}

/** ` ORDER BY ...` when columns hold every key of the order, else undefined. */
export function orderBy(table: Table, sort: Sort | undefined): string | undefined {
  if (!sort) return '';
  const keys: string[] = [];
  for (const path in sort) {
    const column = table.columnOf.get(path);
    if (!column) return undefined;
    keys.push(sort[path] === -1 ? `${column.sql} DESC` : column.sql);
  }
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}
