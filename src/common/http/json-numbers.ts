import { invalidField } from '../errors.js';

/** The fields of an object with this name are written into texts. */
const SHOWN = '"variables"';
/** A double is written with so many digits at most: a number with more was kept more exactly than we can keep it. */
const DOUBLE_DIGITS = 17;
/** Every number of so many digits is kept, however large. */
const SAFE_DIGITS = 15;

/** Whether a short JSON may have a number that is read, or would be shown, as another one. It looks into strings as well. */
export function mayChangeNumber(json: string): boolean {
  return RISKY.test(json);
}
/** Behind what stands before a value: sixteen digits, an exponent, or after a point many digits or a zero at their end. */
const RISKY = /[:,[\s]-?\d(?:\d{15}|\d*(?:[eE]|\.\d{15}|\.\d+0(?!\d)))/;

const NUMBER = /-?\d[\d.eE+-]*/y;
const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x30, 0x39];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT, COMMA, COLON] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x3a];

/**
 * Refuses numbers that a double can't keep, and in variables those that would lose zeros: a text with 12.5 in place of 12.50 is wrong.
 * `3.0` is how programs write the whole number 3, and is shown as one.
 * @throws ApiError 400 that names the first such field.
 */
export function refuseChangedNumbers(json: string): void {
  /** The name of a field, as it is written, or the place in a list, for each level around the scan. */
  const path: (string | number)[] = [];
  let text = '';
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (char === QUOTE) {
      const end = endOfString(json, i);
      text = json.slice(i, end + 1);
      i = end;
    } else if (char === COLON) path[path.length - 1] = text;
    else if (char === OPEN_OBJECT) path.push('""');
    else if (char === OPEN_ARRAY) path.push(0);
    else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) path.pop();
    else if (char === COMMA && typeof path.at(-1) === 'number') path.push((path.pop() as number) + 1);
    else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      NUMBER.lastIndex = i;
      const written = NUMBER.exec(json)![0];
      if (isChanged(written)) throw changed(path, 'is a number with more digits than can be kept');
      if (path.at(-2) === SHOWN && losesZeros(written))
        throw changed(path, 'is a number that would lose its last zero');
      i += written.length - 1;
    }
  }
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function isChanged(written: string): boolean {
  const value = Number(written);
  const [digits = '', exponent] = written.split(/e/i);
  const significant = digits.replace(/[-.]/g, '').replace(/^0+/, '');
  if (!Number.isFinite(value)) return true;
  // `1e300` is a double itself.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return exponent === undefined || significant.length > SAFE_DIGITS;
  if (value === 0) return significant !== '';
  return digits.includes('.') && significant.replace(/0+$/, '').length > DOUBLE_DIGITS;
}

function losesZeros(written: string): boolean {
  return /\.\d+0$/.test(written);
}

function changed(path: readonly (string | number)[], why: string) {
  const field = path.map((part) => (typeof part === 'string' ? (JSON.parse(part) as string) : part)).join('.');
  return invalidField(field, `${why}; send it as a string`);
}
