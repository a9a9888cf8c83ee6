import type { Condition, Scalar } from '../../query.js';
import { compileRange } from './compile-range.js';
import type { Column } from './column.js';
import { encodeScalar, NULL_STAND_IN_SQL, type Bindable } from './column-value.js';

/** `IN` lists are padded to a power of two by repetition, so that their lengths need only few prepared statements. */
const LONGEST_PADDED_LIST = 64;
/** SQLite allows 32,766 parameters in a statement. */
const LONGEST_LIST = 16_384;

/** Appends SQL terms; false when they are weaker than the condition and the matcher has to decide. */
export function compileCondition(column: Column, condition: Condition, terms: string[], values: Bindable[]): boolean {
  let exact = true;
  for (const operator in condition) {
    if (operator === '$eq') equal(column, condition.$eq!, terms, values);
    else if (operator === '$ne') notIn(column, [condition.$ne!], terms, values);
    else if (operator === '$in') oneOf(column, condition.$in!, terms, values);
    else if (operator === '$nin') notIn(column, condition.$nin!, terms, values);
    else if (operator === '$exists') exact = exists(column, condition.$exists!, terms) && exact;
    else if (!['$gt', '$gte', '$lt', '$lte'].includes(operator))
      throw new TypeError(`filters have no operator ${operator}`);
  }
  return compileRange(column, condition, terms, values) && exact;
}

export function equal(column: Column, value: Scalar, terms: string[], values: Bindable[]): void {
  if (value === null) terms.push(isNull(column));
  else if (unstorable(value)) terms.push('0');
  else {
    terms.push(`${column.sql} = ?`);
    values.push(encodeScalar(value));
  }
}

function isNull(column: Column): string {
  if (column.nulls === 'none') return `${column.sql} IS NULL`;
  const standIn = `${column.sql} = ${NULL_STAND_IN_SQL}`;
  return column.nulls === 'unique' ? standIn : `(${standIn} OR ${column.sql} IS NULL)`;
}

function oneOf(column: Column, operands: readonly Scalar[], terms: string[], values: Bindable[]): void {
  const wanted = operands.filter((value) => value !== null && !unstorable(value)) as Exclude<Scalar, null>[];
  const orNull = operands.includes(null);
  if (wanted.length === 1 && !orNull) equal(column, wanted[0]!, terms, values);
  else if (wanted.length === 0) terms.push(orNull ? isNull(column) : '0');
  else {
    const list = inList(column, wanted, values);
    terms.push(orNull ? `(${list} OR ${isNull(column)})` : list);
  }
}

function inList(column: Column, wanted: readonly Exclude<Scalar, null>[], values: Bindable[]): string {
  if (wanted.length > LONGEST_PADDED_LIST && wanted.every((value) => typeof value === 'string')) {
    values.push(JSON.stringify(wanted));
    return `${column.sql} IN (SELECT value FROM json_each(?))`;
  }
  if (wanted.length > LONGEST_LIST)
    throw new TypeError(`a list of ${wanted.length} values for ${column.path} is too long`);
  const length = 2 ** Math.ceil(Math.log2(wanted.length));
  for (let i = 0; i < length; i++) values.push(encodeScalar(wanted[Math.min(i, wanted.length - 1)]!));
  return `${column.sql} IN (?${',?'.repeat(length - 1)})`;
}

function notIn(column: Column, operands: readonly Scalar[], terms: string[], values: Bindable[]): void {
  for (const value of operands) {
    if (value === null) {
      if (column.nulls !== 'none') terms.push(`${column.sql} IS NOT ${NULL_STAND_IN_SQL}`);
      if (column.nulls !== 'unique') terms.push(`${column.sql} IS NOT NULL`);
    } else if (!unstorable(value)) {
      terms.push(`${column.sql} IS NOT ?`);
      values.push(encodeScalar(value));
    }
  }
}

/** Only the `exists` mode distinguishes an explicit null from a missing field. */
function exists(column: Column, wanted: boolean, terms: string[]): boolean {
  if (column.nulls === 'exists' || column.path === '_id') {
    terms.push(`${column.sql} IS ${wanted ? 'NOT NULL' : 'NULL'}`);
    return true;
  }
  if (!wanted) terms.push(isNull(column));
  return false;
}

/** A column never holds a NUL (see columnValue), so nothing equals such a string; libsql would cut it off at the NUL. */
export function unstorable(value: Scalar): boolean {
  return typeof value === 'string' && value.includes('\0');
}
