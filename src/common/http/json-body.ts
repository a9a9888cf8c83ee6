import { ApiError, invalidField } from '../errors.js';
import { checkJsonBounds, FEW_BYTES, isShallow } from './json-bounds.js';
import { mayChangeNumber, refuseChangedNumbers } from './json-numbers.js';
import { hasHalf, mayHaveHalf, repairedJson, wellFormed } from './json-text.js';
import { utf8 } from './utf8.js';

/**
 * Refuses bodies that aren't UTF-8 or don't parse, keys that could reach a prototype, and what couldn't be kept as it is: a NUL (stores
 * truncate at it) or half a character in any string, and numbers that a double changes.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const { body, areNumbersSafe } = read(bytes);
  // The route decides about a missing body: actions without parameters are often sent with the JSON type and no body.
  if (body === '') return undefined;
  const value = parse(body);
  if (mayHide(body) || mayHaveHalf(body)) refuseHidden(value, []);
  if (!areNumbersSafe) refuseChangedNumbers(body);
  return value;
}

/** The same for what phones tell, of which as much as possible is taken: strings are repaired, and numbers judged field by field. */
export function parseToldJson(bytes: Buffer): unknown {
  const body = repairedJson(read(bytes).body);
  if (body === '') return undefined;
  const value = parse(body, withQuotedNaN(body));
  if (mayHide(body)) refuseHidden(value, []);
  return value;
}

/** @throws ApiError 400 or 413 */
function read(bytes: Buffer): { body: string; areNumbersSafe: boolean } {
  const text = utf8(bytes);
  const isSmall = bytes.length <= FEW_BYTES && isShallow(text);
  const areNumbersSafe = isSmall ? !mayChangeNumber(text) : checkJsonBounds(bytes);
  return { body: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, areNumbersSafe };
}

/** `otherwise`: parsed when the body doesn't parse. */
function parse(body: string, otherwise?: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (otherwise !== undefined && otherwise !== body) return parse(otherwise);
    throw new ApiError(400, 'invalid_json', `The body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** Some programs write these, which are no JSON, for what a sensor didn't say. As strings they spoil only their field. */
function withQuotedNaN(json: string): string {
  if (!/NaN|Infinity/.test(json)) return json;
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

/** A NUL, or a letter of `__proto__`, that is written as an escape. No program writes these letters so. */
const ESCAPED = /\\u00(?:00|5f|6f|7[024])/i;

/** Searches the text, which takes a fiftieth of the time of checking every value of 5,000 recipients. */
function mayHide(body: string): boolean {
  return body.includes('__proto__') || (body.includes('\\u00') && ESCAPED.test(body));
}

/** @throws ApiError 400 that names the first field with a NUL or half a character. */
function refuseHidden(value: unknown, path: string[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw invalidField(path.join('.'), 'must not contain the character NUL');
    if (hasHalf(value)) throw invalidField(path.join('.'), HALF);
  } else if (value !== null && typeof value === 'object') {
    for (const key in value) {
      path.push(key);
      if (key === '__proto__' || key.includes('\0') || hasHalf(key))
        throw invalidField(nameable(path), 'is not a field of this request; remove it');
      refuseHidden((value as Record<string, unknown>)[key], path);
      path.pop();
    }
  }
}

const HALF =
  'contains half of a character (a lone surrogate such as \\ud83d); send the whole character, or leave it out';

function nameable(path: readonly string[]): string {
  return wellFormed(path.join('.').replaceAll('\0', '\\0'));
}
