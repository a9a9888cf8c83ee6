import { arrayIndex, isRecord, own, type Segments } from './path.js';

export class UpdateError extends Error {
  override name = 'UpdateError';
}

/** The value at a path of one document; array elements only by their index, as update operators see it. */
export function getAt(root: unknown, segments: Segments): unknown {
  let value = root;
  for (const segment of segments) value = child(value, segment);
  return value;
}

function child(value: unknown, segment: string): unknown {
  if (Array.isArray(value)) return value[arrayIndex(segment) ?? -1];
  return isRecord(value) ? own(value, segment) : undefined;
}

/** Creates missing parents; a parent that is a scalar or null is an error, as in MongoDB. */
export function setAt(root: Record<string, unknown>, segments: Segments, value: unknown): void {
  let parent: unknown = root;
  for (let i = 0; i < segments.length - 1; i++) {
    let next = child(parent, segments[i]!);
    if (next === undefined) {
      next = {};
      put(parent, segments[i]!, next, segments);
    }
    parent = next;
  }
  put(parent, segments[segments.length - 1]!, value, segments);
}

function put(parent: unknown, key: string, value: unknown, segments: Segments): void {
  if (Array.isArray(parent)) {
    const index = arrayIndex(key);
    if (index === undefined) throw new UpdateError(`can't create the field ${segments.join('.')} inside a list`);
    while (parent.length < index) parent.push(null);
    parent[index] = value;
  } else if (isRecord(parent)) parent[key] = value;
  else throw new UpdateError(`can't create the field ${segments.join('.')}: a parent is not an object`);
}

export function unsetAt(root: Record<string, unknown>, segments: Segments): void {
  const parent = getAt(root, segments.slice(0, -1));
  const key = segments[segments.length - 1]!;
  if (Array.isArray(parent)) {
    const index = arrayIndex(key);
    if (index !== undefined && index < parent.length) parent[index] = null;
  } else if (isRecord(parent)) delete parent[key];
}
