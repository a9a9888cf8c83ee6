import { ApiError, invalid } from '../errors.js';

/** Maximum nesting of arrays and objects. */
const DEEPEST = 32;
/** Maximum number of commas, colons and opening brackets: 5,000 recipients with twenty fields and variables each have 220,000. */
const MOST_PARTS = 250_000;
/** Maximum for one object: parsing many thousand different names takes seconds. */
const MOST_FIELDS = 1024;

/** A body of at most this many bytes can't have too many fields or parts. */
export const FEW_BYTES = MOST_FIELDS;

/** Whether the body opens so few arrays and objects that it can't be too deep: five times as fast as checking each byte. */
export function isShallow(text: string): boolean {
  let opened = 0;
  for (const bracket of ['[', '{'])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++opened > DEEPEST) return false;
  return true;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT, COMMA, COLON] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x3a];

/**
 * Checks the bytes of a JSON body outside its strings before they are parsed: eight megabytes of brackets become a gigabyte when parsed.
 * The parser checks whether the body is JSON.
 * @throws ApiError 400 for a body that is too deep or has too many fields in one object, 413 for one with too many parts.
 */
export function checkJsonBounds(body: Uint8Array): void {
  const fields = new Uint32Array(DEEPEST + 1);
  let depth = 0;
  let parts = 0;
  for (let i = 0; i < body.length; i++) {
    switch (body[i]) {
      case QUOTE:
        for (i++; i < body.length && body[i] !== QUOTE; i++) if (body[i] === BACKSLASH) i++;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if (++depth > DEEPEST)
          throw invalid([{ field: '', message: `The body is nested too deeply: ${DEEPEST} levels at most` }]);
        fields[depth] = 0;
        parts++;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (depth > 0) depth--;
        break;
      case COLON:
        if (++fields[depth]! > MOST_FIELDS)
          throw invalid([{ field: '', message: `An object of the body has too many fields: ${MOST_FIELDS} at most` }]);
        parts++;
        break;
      case COMMA:
        parts++;
        break;
      default:
    }
    if (parts > MOST_PARTS)
      throw new ApiError(413, 'body_too_complex', 'The body has too many values. Send it in several requests.');
  }
}
