import { encodeScalar } from './column-value.js';

/** A value of a document, whose dates may still be `{"$date": ms}` or already be revived, as SQLite stores it. */
export function storedScalar(path: string, value: NonNullable<unknown>): string | number | Buffer {
  if (typeof value === 'string' && value.includes('\0')) refuse(path, 'a NUL character');
  if (typeof value !== 'object') return encodeScalar(value as string | number | boolean);
  if (value instanceof Date) return encodeScalar(value);
  const ms = (value as { $date?: number }).$date;
  if (ms === undefined) refuse(path, Array.isArray(value) ? 'a list' : 'an object');
  return encodeScalar(new Date(ms));
}

export function refuse(path: string, what: string): never {
  throw new TypeError(`the indexed field ${path} can't hold ${what}`);
}
