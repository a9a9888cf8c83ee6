import type { Database } from './database.js';
import { inTransaction } from './in-transaction.js';
import { definitionsOf, fillSql, type ListTable } from './list-table.js';
import { listTableName } from './table-names.js';

/** Drops the tables of lists that aren't declared, have another definition, or copy a column that isn't filled. */
export function dropStaleLists(
  database: Database,
  collection: string,
  lists: readonly ListTable[],
  ready: ReadonlySet<string>,
): void {
  const wanted = new Map(lists.map((list) => [list.name, list]));
  for (const name of listTableNames(database, collection)) {
    const list = wanted.get(name);
    const isFilled = list && [list.column, ...list.copied].every(({ path }) => path === '_id' || ready.has(path));
    if (!isFilled || !isDefined(database, collection, list)) drop(database, name);
  }
}

/** Makes and fills the tables that are missing, each in one transaction. */
export function createLists(database: Database, collection: string, lists: readonly ListTable[]): void {
  const present = new Set(listTableNames(database, collection));
  for (const list of lists) {
    if (present.has(list.name)) continue;
    inTransaction(database, () => {
      for (const sql of definitionsOf(collection, list)) database.exec(sql);
      database.exec(fillSql(collection, list));
    });
  }
}

function listTableNames(database: Database, collection: string): string[] {
  return database
    .rows("SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, length(?1)) = ?1", [
      listTableName(collection, ''),
    ])
    .map(([name]) => name as string);
}

function isDefined(database: Database, collection: string, list: ListTable): boolean {
  const present = new Set(definitionsIn(database, list.name).map(([, sql]) => sql));
  return definitionsOf(collection, list).every((sql) => present.has(sql));
}

function drop(database: Database, name: string): void {
  const triggers = definitionsIn(database, name).filter(([, , type]) => type === 'trigger');
  inTransaction(database, () => {
    for (const [trigger] of triggers) database.exec(`DROP TRIGGER "${trigger}"`);
    database.exec(`DROP TABLE "${name}"`);
  });
}

/** The table and its triggers: name, SQL and type. */
function definitionsIn(database: Database, name: string): string[][] {
  return database.rows(
    "SELECT name, sql, type FROM sqlite_master WHERE type IN ('table', 'trigger') AND (name = ?1 OR substr(name, 1, length(?1) + 1) = ?1 || ' ')",
    [name],
  ) as string[][];
}
