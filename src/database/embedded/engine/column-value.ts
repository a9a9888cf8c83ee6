/** libsql 0.5 aborts the whole process on anything else (undefined, a boolean, a plain Uint8Array). */
export type Bindable = string | number | null | Buffer;

/*
 * SQLite orders NULL < numbers < text < blobs, MongoDB null < numbers < strings < booleans < dates. So booleans and dates are
 * blobs whose first byte puts booleans before dates, and one column holds any mixture in MongoDB's order.
 */
export const BOOLEAN_TAG = "x'08'";
export const DATE_TAG = "x'09'";
export const FALSE = Buffer.from([8, 0]);
export const TRUE = Buffer.from([8, 1]);
/** Added to the upper half of a date's milliseconds, so that times before 1970 sort first. */
const SIGN = 2 ** 31;

/** SQLite reads this literal as -Infinity, which a document can't hold: the null of columns whose NULL has another meaning. */
export const NULL_STAND_IN_SQL = '-9e999';

export function encodeScalar(value: string | number | boolean | Date): string | number | Buffer {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  const ms = value.getTime();
  const upper = Math.floor(ms / 2 ** 32);
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 9;
  bytes.writeUInt32BE(upper + SIGN, 1);
  bytes.writeUInt32BE(ms - upper * 2 ** 32, 5);
  return bytes;
}

export function decodeScalar(value: Bindable): string | number | boolean | Date | null {
  if (!Buffer.isBuffer(value)) return value === -Infinity ? null : value;
  if (value[0] === 8) return value[1] === 1;
  return new Date((value.readUInt32BE(1) - SIGN) * 2 ** 32 + value.readUInt32BE(5));
}

export function literal(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? "x'0801'" : "x'0800'";
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
