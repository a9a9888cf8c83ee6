import type { IndexSpec } from '../../collection.js';
import { ID_COLUMN, isList, type Column } from './column.js';
import { ELEMENT_SQL } from './list-elements.js';
import { listTableName, tableSql } from './table-names.js';

/**
 * A table of a list's elements, one row for each, as MongoDB's multikey indexes have. Triggers keep it in step with the documents, so that no
 * write can forget it, and a write that collides in it is undone with it. Its indexes are the declared ones.
 */
export interface ListTable {
  /** Holds an element here, and in the documents' table the whole list as JSON. */
  readonly column: Column;
  /** Quoted, ready for SQL. */
  readonly sql: string;
  readonly name: string;
  /** The columns that are copied from the documents: `_id` and what the indexes name beside the list. */
  readonly copied: readonly Column[];
}

export function listTables(collection: string, columns: readonly Column[], indexes: readonly IndexSpec[]): ListTable[] {
  return columns.filter(isList).flatMap((column) => {
    const own = indexes.filter(({ list }) => list === column.path);
    if (own.length === 0) return [];
    const paths = own.flatMap(({ keys, partial }) => [...Object.keys(keys), ...Object.keys(partial ?? {})]);
    const others = columns.filter(({ path }) => path !== column.path && paths.includes(path));
    // The order of the declarations must not count as another definition.
    const copied = [ID_COLUMN, ...others.sort((a, b) => (a.path < b.path ? -1 : 1))];
    const name = listTableName(collection, column.path);
    return [{ column, name, sql: `"${name}"`, copied }];
  });
}

/** The statements that make the table and its triggers, as SQLite keeps them. */
export function definitionsOf(collection: string, list: ListTable): string[] {
  const docs = tableSql(collection);
  const copied = list.copied.map(({ sql }) => sql);
  const columns = [...copied, list.column.sql];
  const add = `${insertSql(list)} SELECT ${copied.map((sql) => `NEW.${sql}`).join(', ')}, ${ELEMENT_SQL} FROM json_each(NEW.${list.column.sql})`;
  const remove = `DELETE FROM ${list.sql} WHERE _id = OLD._id`;
  const trigger = (event: string, on: string, body: string) =>
    `CREATE TRIGGER "${list.name} ${event}" AFTER ${on} ON ${docs} BEGIN ${body}; END`;
  return [
    `CREATE TABLE ${list.sql} (${columns.join(', ')}, PRIMARY KEY (_id, ${list.column.sql})) WITHOUT ROWID`,
    trigger('insert', 'INSERT', add),
    trigger('update', `UPDATE OF ${columns.join(', ')}`, `${remove}; ${add}`),
    trigger('delete', 'DELETE', remove),
  ];
}

/** Fills the table from the documents there are. */
export function fillSql(collection: string, list: ListTable): string {
  const copied = list.copied.map(({ sql }) => `docs.${sql}`);
  return `${insertSql(list)} SELECT ${copied.join(', ')}, ${ELEMENT_SQL} FROM ${tableSql(collection)} docs, json_each(docs.${list.column.sql})`;
}

function insertSql(list: ListTable): string {
  return `INSERT INTO ${list.sql} (${[...list.copied, list.column].map(({ sql }) => sql).join(', ')})`;
}
