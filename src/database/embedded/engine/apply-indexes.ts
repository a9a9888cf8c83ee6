import type { CollectionSpec, IndexSpec } from '../../collection.js';
import { indexDefinition } from '../../index-name.js';
import { segmentsOf } from '../documents/path.js';
import { createLists, dropStaleLists } from './apply-lists.js';
import type { Catalog } from './catalog.js';
import { makeColumn, type NullMode } from './column.js';
import { literal } from './column-value.js';
import type { Database } from './database.js';
import { duplicateKeyError } from './duplicate-key.js';
import { declaredLists } from './declared-lists.js';
import { fillColumns } from './fill-columns.js';
import { listTables } from './list-table.js';
import { listTableName, tableSql } from './table-names.js';

/** Makes a collection's columns and indexes match the declaration. Runs alone, outside the transaction of a batch. */
export function applyIndexes(database: Database, catalog: Catalog, { name, indexes }: CollectionSpec): void {
  catalog.reload(name);
  const wanted = new Map(indexes.map((index) => [`${name} ${indexDefinition(index)}`, index]));
  const columns = declaredColumns(indexes);
  const states = catalog.columnStates(name);
  const lists = listTables(
    name,
    [...columns].map(([path, nulls]) => makeColumn(path, nulls)),
    indexes,
  );
  const stale = states.filter(({ path, nulls, filled }) => !filled || (columns.get(path) ?? nulls) !== nulls);
  for (const [index, spec] of catalog.indexes(name)) {
    const touched = pathsOf(spec).some((path) => stale.some((state) => state.path === path));
    if (touched || !wanted.has(index)) database.exec(`DROP INDEX "${index.replaceAll('"', '""')}"`);
  }
  const ready = new Set(states.filter((state) => !stale.includes(state)).map((state) => state.path));
  dropStaleLists(database, name, lists, ready);
  for (const { path } of states) {
    if (!columns.has(path))
      database.run('DELETE FROM trunkline_columns WHERE collection = ? AND path = ?', [name, path]);
  }
  const missing = [...columns].filter(([path]) => !ready.has(path));
  if (missing.length > 0)
    fillColumns(
      database,
      name,
      missing.map(([path, nulls]) => makeColumn(path, nulls)),
    );
  createLists(database, name, lists);
  for (const [index, spec] of wanted) createIndex(database, name, index, spec);
  database.forgetStatements();
  catalog.reload(name);
}

/** Every field path that an index names, except `_id`, and how its column distinguishes null from missing. */
function declaredColumns(indexes: readonly IndexSpec[]): Map<string, NullMode> {
  const unique = new Set<string>();
  const exists = new Set<string>();
  for (const { keys, unique: isUnique, partial } of indexes) {
    if (isUnique && !partial) for (const path of Object.keys(keys)) unique.add(path);
    for (const [path, condition] of Object.entries(partial ?? {})) if (typeof condition === 'object') exists.add(path);
  }
  const lists = declaredLists(indexes);
  const columns = new Map<string, NullMode>();
  for (const path of indexes.flatMap(pathsOf)) {
    if (path === '_id') continue;
    if (unique.has(path) && exists.has(path))
      throw new TypeError(`${path} can't be both in a unique index without a condition and in a $exists condition`);
    if (lists.has(path)) columns.set(path, unique.has(path) ? 'unique list' : 'list');
    else columns.set(path, unique.has(path) ? 'unique' : exists.has(path) ? 'exists' : 'none');
  }
  refuseColliding([...columns.keys()]);
  return columns;
}

/** SQLite's column names ignore the case of letters. */
function refuseColliding(paths: readonly string[]): void {
  const names = new Map<string, string>();
  for (const path of paths) {
    const name = makeColumn(path, 'none').name.toLowerCase();
    if (names.has(name)) throw new TypeError(`${names.get(name)} and ${path} are too similar to be indexed both`);
    names.set(name, path);
  }
}

function pathsOf({ keys, partial }: IndexSpec): string[] {
  return [...Object.keys(keys), ...Object.keys(partial ?? {})];
}

function createIndex(database: Database, collection: string, name: string, spec: IndexSpec): void {
  const keys = Object.entries(spec.keys).map(
    ([path, direction]) => `${columnSql(path)}${direction === -1 ? ' DESC' : ''}`,
  );
  // An entry of a list exists only when the list does.
  const partial = Object.entries(spec.partial ?? {}).filter(([path]) => path !== spec.list);
  const conditions = partial.map(([path, condition]) =>
    typeof condition === 'object' ? `${columnSql(path)} IS NOT NULL` : `${columnSql(path)} = ${literal(condition)}`,
  );
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const sql = `CREATE ${spec.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS "${name.replaceAll('"', '""')}"
    ON ${spec.list === undefined ? tableSql(collection) : `"${listTableName(collection, spec.list)}"`} (${keys.join(', ')})${where}`;
  try {
    database.exec(sql);
  } catch (error) {
    throw duplicateKeyError(collection, error) ?? error;
  }
}

function columnSql(path: string): string {
  return path === '_id' ? '_id' : makeColumn(segmentsOf(path).join('.'), 'none').sql;
}
