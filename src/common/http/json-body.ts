import { ApiError, invalidField } from '../errors.js';
import { checkJsonBounds, FEW_BYTES, isShallow } from './json-bounds.js';

/** Refuses bodies that don't parse, keys that could reach a prototype, and a NUL in any string (stores truncate at it). */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length > FEW_BYTES) checkJsonBounds(bytes);
  const body = bytes.toString();
  if (bytes.length <= FEW_BYTES && !isShallow(body)) checkJsonBounds(bytes);
  // The route decides about a missing body: actions without parameters are often sent with the JSON type and no body.
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.charCodeAt(0) === 0xfeff ? body.slice(1) : body);
  } catch (error) {
    throw new ApiError(400, 'invalid_json', `The body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (mayHide(body)) refuseHidden(value, []);
  return value;
}

/** A NUL, or a letter of `__proto__`, that is written as an escape. No program writes these letters so. */
const ESCAPED = /\\u00(?:00|5f|6f|7[024])/i;

/** Searches the text, which takes a fiftieth of the time of checking every value of 5,000 recipients. */
function mayHide(body: string): boolean {
  return body.includes('__proto__') || (body.includes('\\u00') && ESCAPED.test(body));
}

/** @throws ApiError 400 that names the first field with a NUL. */
function refuseHidden(value: unknown, path: string[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw invalidField(path.join('.'), 'must not contain the character NUL');
  } else if (value !== null && typeof value === 'object') {
    for (const key in value) {
      path.push(key);
      if (key === '__proto__' || key.includes('\0'))
        throw invalidField(path.join('.').replaceAll('\0', '\\0'), 'is not a field of this request; remove it');
      refuseHidden((value as Record<string, unknown>)[key], path);
      path.pop();
    }
  }
}
