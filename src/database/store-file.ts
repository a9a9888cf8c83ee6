import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from './embedded/engine/database.js';
import { DATA_FILE } from './embedded/data-file.js';
import { MIGRATIONS, tooNew } from './migrations.js';
import type { SchemaDoc } from './schema-lock.js';

export interface StoreFileContents {
  schemaVersion: number;
  /** Number of documents by collection, in the order of the names. */
  counts: [collection: string, documents: number][];
}

/** The file that holds the embedded store of a data folder. */
export function storeFileIn(dir: string): string {
  return join(dir, DATA_FILE);
}

/** @throws Error that explains it when the folder has no store. */
export function requireStoreIn(dir: string): void {
  if (!existsSync(storeFileIn(dir)))
    throw new Error(`The folder ${dir} contains no store. Set DATA_DIR to the data folder of the gateway.`);
}

/**
 * Opens a store's file that no process uses, such as a copy. It becomes a plain SQLite file without a log beside it. (libsql closes a
 * connection only when its statements are garbage-collected, so this is for commands, which end soon after.)
 */
export function openStoreFile(path: string): Database {
  const database = new Database(path);
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = DELETE', 'synchronous = FULL'])
    database.rows(`PRAGMA ${pragma}`);
  return database;
}

/**
 * Reads the whole file.
 * @throws Error that explains it when the file is damaged, is not Trunkline's, or has a version that this program doesn't know.
 */
export function checkStoreFile(database: Database): StoreFileContents {
  const faults = database.rows('PRAGMA integrity_check(5)').map(([fault]) => String(fault));
  if (faults.join() !== 'ok') throw new Error(`The file is damaged: ${faults.join('; ')}`);
  const tables = new Set(database.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => name));
  if (!tables.has('trunkline_columns')) throw new Error('The file is a SQLite database, but not a Trunkline store.');
  const schema = tables.has('docs_app_config') ? schemaOf(database) : undefined;
  const newest = MIGRATIONS.at(-1)!.version;
  if (schema && schema.version > newest) throw new Error(tooNew(schema, newest));
  const collections = [...tables].map(String).filter((name) => name.startsWith('docs_'));
  return {
    schemaVersion: schema?.version ?? 0,
    counts: collections
      .sort()
      .map((name) => [name.slice('docs_'.length), database.first(`SELECT COUNT(*) FROM "${name}"`)![0] as number]),
  };
}

function schemaOf(database: Database): SchemaDoc | undefined {
  const [doc] = database.first("SELECT doc FROM docs_app_config WHERE _id = 'schema'") ?? [];
  return doc === undefined ? undefined : (JSON.parse(String(doc)) as SchemaDoc);
}
