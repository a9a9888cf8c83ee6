import { createHash } from 'node:crypto';
import type { IndexSpec } from './collection.js';

/** Returns the same text for the same index, whatever the order of its options. */
export function indexDefinition(index: IndexSpec): string {
  const partial = index.partial && Object.entries(index.partial).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    Object.entries(index.keys),
    index.unique ?? false,
    partial ?? null,
    index.expireAfterSeconds ?? null,
    ...(index.list === undefined ? [] : [index.list]),
  ]);
}

export function parseIndexDefinition(definition: string): IndexSpec {
  const [keys, unique, partial, expireAfterSeconds, list] = JSON.parse(definition);
  return {
    keys: Object.fromEntries(keys),
    list,
    unique,
    partial: partial ? Object.fromEntries(partial) : undefined,
    expireAfterSeconds: expireAfterSeconds ?? undefined,
  };
}

/** A short name that changes with the definition, for servers that limit the length of names. */
export function indexName(index: IndexSpec): string {
  const hash = createHash('sha256').update(indexDefinition(index)).digest('hex').slice(0, 8);
  return `tl_${Object.keys(index.keys).join('_').slice(0, 80)}_${hash}`;
}
