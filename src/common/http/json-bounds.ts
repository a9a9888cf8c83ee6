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
 * The parser checks whether the body is JSON. Returns whether every number is sure to be kept as it is written, which the same pass finds.
 * @throws ApiError 400 for a body that is too deep or has too many fields in one object, 413 for one with too many parts.
 */
export function checkJsonBounds(body: Buffer): boolean {
  const fields = new Uint32Array(DEEPEST + 1);
  let depth = 0;
  let parts = 0;
  let areNumbersSafe = true;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    switch (byte) {
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
        if (isDigit(byte)) {
          const start = i;
          while (isOfNumber(body[i + 1])) i++;
          if (i > start && areNumbersSafe) areNumbersSafe = isSafeNumber(body, start, i + 1);
        }
    }
    if (parts > MOST_PARTS)
      throw new ApiError(413, 'body_too_complex', 'The body has too many values. Send it in several requests.');
  }
  return areNumbersSafe;
}

const [ZERO, NINE, POINT, PLUS, MINUS] = [0x30, 0x39, 0x2e, 0x2b, 0x2d];
const EXPONENT = new Set([0x65, 0x45]);

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isOfNumber(byte: number | undefined): boolean {
  return (
    isDigit(byte) || byte === POINT || byte === PLUS || byte === MINUS || (byte !== undefined && EXPONENT.has(byte))
  );
}

/** At most fifteen digits, without an exponent, and without a zero at the end of digits after a point. */
function isSafeNumber(body: Buffer, start: number, end: number): boolean {
  if (end - start > 15) return false;
  let hasPoint = false;
  for (let i = start; i < end; i++) {
    if (EXPONENT.has(body[i]!)) return false;
    hasPoint ||= body[i] === POINT;
  }
  return !hasPoint || body[end - 1] !== ZERO || body[end - 2] === POINT;
}
