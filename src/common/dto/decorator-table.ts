import * as cv from 'class-validator';
import type { JsonSchema } from './json-schema.js';

type Piece = (...constraints: never[]) => JsonSchema;

/** The JSON schema of each of class-validator's decorators. Any other decorator prevents the start. The oracle tests each line. */
export const DECORATORS: Record<string, Piece> = {
  [cv.IS_STRING]: () => ({ type: 'string' }),
  [cv.IS_NOT_EMPTY]: () => ({ minLength: 1 }),
  [cv.MIN_LENGTH]: (minLength: number) => ({ type: 'string', minLength }),
  [cv.MAX_LENGTH]: (maxLength: number) => ({ type: 'string', maxLength }),
  [cv.IS_LENGTH]: (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength }),
  [cv.MATCHES]: (pattern: RegExp | string) => ({ type: 'string', pattern: sourceOf(pattern) }),
  [cv.IS_IN]: (values: readonly unknown[]) => ({ enum: [...values] }),
  [cv.IS_ENUM]: (values: object) => ({ enum: Object.values(values) }),
  [cv.IS_BOOLEAN]: () => ({ type: 'boolean' }),
  [cv.IS_INT]: () => ({ type: 'integer' }),
  [cv.IS_NUMBER]: (options: object) => plainNumber(options),
  [cv.MIN]: (minimum: number) => ({ type: 'number', minimum }),
  [cv.MAX]: (maximum: number) => ({ type: 'number', maximum }),
  [cv.IS_ARRAY]: () => ({ type: 'array' }),
  [cv.ARRAY_NOT_EMPTY]: () => ({ type: 'array', minItems: 1 }),
  [cv.ARRAY_MIN_SIZE]: (minItems: number) => ({ type: 'array', minItems }),
  [cv.ARRAY_MAX_SIZE]: (maxItems: number) => ({ type: 'array', maxItems }),
  [cv.ARRAY_UNIQUE]: () => ({ type: 'array', uniqueItems: true }),
  [cv.IS_OBJECT]: () => ({ type: 'object' }),
};

/** JSON schema reads patterns with the flag u and supports no other flag. */
function sourceOf(pattern: RegExp | string): string {
  if (pattern instanceof RegExp && pattern.flags === 'u') return pattern.source;
  throw new Error('its pattern needs the flag u and no other, such as /^[a-z]+$/u');
}

function plainNumber(options: object): JsonSchema {
  if (Object.keys(options).length > 0) throw new Error('options of IsNumber are not supported; use Min and Max');
  return { type: 'number' };
}
