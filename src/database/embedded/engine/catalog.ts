import { parseIndexDefinition } from '../../index-name.js';
import type { IndexSpec } from '../../collection.js';
import { makeColumn, type NullMode } from './column.js';
import type { Database } from './database.js';
import { makeTable, type Table } from './table.js';
import { tableSql } from './table-names.js';

/** The tables of the file, read from the file itself: columns from a table of ours, indexes from their names. */
export class Catalog {
  readonly #tables = new Map<string, Table>();

  constructor(private readonly database: Database) {
    database.exec(
      'CREATE TABLE IF NOT EXISTS trunkline_columns ' +
        '(collection, path, nulls, filled, PRIMARY KEY (collection, path)) WITHOUT ROWID',
    );
  }

  /** Returns the collection's table; creates it when it is missing, as MongoDB does. */
  table(collection: string): Table {
    return this.#tables.get(collection) ?? this.reload(collection);
  }

  /** Called after a rollback, which may have removed a new table. */
  forget(): void {
    this.#tables.clear();
  }

  all(): Table[] {
    return this.names().map((name) => this.table(name));
  }

  names(): string[] {
    const rows = this.database.rows(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'docs!_%' ESCAPE '!'",
    );
    return rows.map(([name]) => String(name).slice('docs_'.length));
  }

  reload(collection: string): Table {
    const sql = tableSql(collection);
    this.database.exec(`CREATE TABLE IF NOT EXISTS ${sql} (_id PRIMARY KEY NOT NULL, doc)`);
    const columns = this.columnStates(collection).filter((state) => state.filled);
    const table = makeTable(
      collection,
      columns.map(({ path, nulls }) => makeColumn(path, nulls)),
      [...this.indexes(collection).values()],
    );
    this.#tables.set(collection, table);
    return table;
  }

  columnStates(collection: string): { path: string; nulls: NullMode; filled: boolean }[] {
    return this.database
      .rows('SELECT path, nulls, filled FROM trunkline_columns WHERE collection = ?', [collection])
      .map(([path, nulls, filled]) => ({ path: path as string, nulls: nulls as NullMode, filled: filled === 1 }));
  }

  /** Indexes by name; an index's name is `<collection> <definition>`. */
  indexes(collection: string): Map<string, IndexSpec> {
    const rows = this.database.rows(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND substr(name, 1, length(?1)) = ?1",
      [`${collection} `],
    );
    const named = rows.map(([name]) => name as string);
    return new Map(named.map((name) => [name, parseIndexDefinition(name.slice(collection.length + 1))]));
  }
}
