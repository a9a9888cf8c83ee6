import Libsql from 'libsql';
import type { Bindable } from './column-value.js';

export type Row = Bindable[];

const CACHED_STATEMENTS = 1000;

/*
 * Parameters are passed as one array: as separate arguments, a single null or Buffer would be read as an object of named parameters.
 */

/** The only file that touches the driver, so that another SQLite binding can take its place. */
export class Database {
  readonly #connection: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement<[readonly Bindable[]]>>();

  constructor(file: string) {
    this.#connection = new Libsql(file);
  }

  /** False after SQLite has rolled back by itself, as it does on a full disk. */
  get inTransaction(): boolean {
    return this.#connection.inTransaction;
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Reads all rows: an unfinished statement would block checkpoints and schema changes. */
  rows(sql: string, values: readonly Bindable[] = []): Row[] {
    return this.#prepare(sql).all(values) as Row[];
  }

  first(sql: string, values: readonly Bindable[] = []): Row | undefined {
    return this.#prepare(sql).get(values) as Row | undefined;
  }

  explain(sql: string, values: readonly Bindable[]): Row[] {
    const statement = this.#prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const rows = statement.all(values) as Row[];
    // An EXPLAIN stays active after its last row, and then no checkpoint or schema change gets its lock; `get` resets it.
    statement.get(values);
    return rows;
  }

  /** Returns how many rows were changed. */
  run(sql: string, values: readonly Bindable[] = []): number {
    return this.#prepare(sql).run(values).changes;
  }

  forgetStatements(): void {
    this.#statements.clear();
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepare(sql: string): Libsql.Statement<[readonly Bindable[]]> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
      statement = this.#connection.prepare<[readonly Bindable[]]>(sql);
      if (statement.reader) statement.raw();
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
