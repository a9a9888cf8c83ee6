import type { IndexSpec } from '../../collection.js';
import type { Sort } from '../../query.js';
import { ID_COLUMN, type Column } from './column.js';

/** A collection as the engine knows it: its columns and what its indexes imply. */
export interface Table {
  readonly collection: string;
  /** Quoted, ready for SQL. */
  readonly sql: string;
  /** The columns that are filled from documents, without `_id` and `doc`. */
  readonly columns: readonly Column[];
  /** Columns by field path, including `_id`. */
  readonly columnOf: ReadonlyMap<string, Column>;
  /** The constants that conditions of partial indexes name, by field path. */
  readonly partialConstants: ReadonlyMap<string, ReadonlySet<string | number | boolean>>;
  readonly expiring: readonly { column: Column; seconds: number }[];
  readonly insertSql: string;
}

export function tableSql(collection: string): string {
  if (!/^[a-z]\w*$/.test(collection)) throw new TypeError(`${JSON.stringify(collection)} is not a collection's name`);
  return `"docs_${collection}"`;
}

export function makeTable(collection: string, columns: readonly Column[], indexes: readonly IndexSpec[]): Table {
  const columnOf = new Map([ID_COLUMN, ...columns].map((column) => [column.path, column]));
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
  return { collection, sql, columns, columnOf, partialConstants, expiring, insertSql };
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
