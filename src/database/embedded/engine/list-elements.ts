import { isRecord, own, type Segments } from '../documents/path.js';
import { NULL_STAND_IN_SQL, type Bindable } from './column-value.js';
import { refuse, storedScalar } from './stored-scalar.js';

/** MongoDB indexes an empty list as a value of its own, which equals nothing else. This one is before all types (see column-value.ts). */
const EMPTY = '["00"]';

/** SQL that reads an element out of `json_each`. */
export const ELEMENT_SQL = `CASE type WHEN 'null' THEN ${NULL_STAND_IN_SQL} WHEN 'array' THEN unhex(value ->> 0) ELSE atom END`;

/**
 * What MongoDB would index of a field that may be a list or lie in a list of documents, each value once, as JSON: strings and numbers as they
 * are, what SQLite stores as a blob as `["hex"]`. Null when no document has the field, unless a missing field counts as null.
 */
export function listElements(path: string, segments: Segments, doc: unknown, missingIsNull: boolean): Bindable {
  const elements = new Set<string>();
  let exists = false;
  const visit = (value: unknown, position: number): void => {
    if (position < segments.length && !Array.isArray(value)) {
      visit(isRecord(value) ? own(value, segments[position]!) : undefined, position + 1);
    } else if (position < segments.length) {
      for (const item of value as unknown[]) if (isRecord(item)) visit(item, position);
    } else {
      exists ||= value !== undefined;
      const values: unknown[] = Array.isArray(value) ? value : [value];
      if (values.length === 0) elements.add(EMPTY);
      for (const element of values) elements.add(elementJson(path, element));
    }
  };
  visit(doc, 0);
  if (!exists && !missingIsNull) return null;
  return elements.size > 0 ? `[${[...elements].join()}]` : '[null]';
}

function elementJson(path: string, value: unknown): string {
  if (value === undefined || value === null) return 'null';
  // SQLite reads a few fractions from JSON as their neighbours.
  if (typeof value === 'number' && !Number.isSafeInteger(value)) refuse(path, 'a list with a fraction');
  const stored = storedScalar(path, value);
  if (Buffer.isBuffer(stored)) return `["${stored.toString('hex')}"]`;
  // A half of a surrogate pair: elsewhere the driver replaces it.
  return JSON.stringify(typeof stored === 'string' ? stored.replace(/\p{Surrogate}/gu, '\ufffd') : stored);
}
