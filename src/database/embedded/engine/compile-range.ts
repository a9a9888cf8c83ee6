import type { Condition, Scalar } from '../../query.js';
import { typeRank } from '../documents/value-order.js';
import type { Column } from './column.js';
import { BOOLEAN_TAG, DATE_TAG, encodeScalar, NULL_STAND_IN_SQL, type Bindable } from './column-value.js';

type Bound = { sql: '>' | '>=' | '<' | '<='; value: Exclude<Scalar, null> };

/** The limits just outside a type in SQLite's order: [exclusive or inclusive lower term, upper term], by typeRank. */
const BRACKETS: Readonly<Record<number, { lower?: string; upper?: string }>> = {
  1: { lower: `> ${NULL_STAND_IN_SQL}`, upper: "< ''" },
  2: { lower: ">= ''", upper: "< x''" },
  5: { lower: `>= ${BOOLEAN_TAG}`, upper: `< ${DATE_TAG}` },
  6: { lower: `>= ${DATE_TAG}` },
};

/** `$gt`, `$gte`, `$lt` and `$lte` with type bracketing: a bound also ends the range where its type ends. */
export function compileRange(column: Column, condition: Condition, terms: string[], values: Bindable[]): boolean {
  const bounds: Bound[] = [];
  for (const [operator, sql] of [
    ['$gt', '>'],
    ['$gte', '>='],
    ['$lt', '<'],
    ['$lte', '<='],
  ] as const) {
    const value = condition[operator];
    if (value === undefined) continue;
    // Null compares only with null, and a string with NUL can't be bound: rare enough to leave to the matcher.
    if (value === null || (typeof value === 'string' && value.includes('\0'))) return false;
    bounds.push({ sql, value });
  }
  for (const bound of bounds) {
    terms.push(`${column.sql} ${bound.sql} ?`);
    values.push(encodeScalar(bound.value));
    bracket(column, bound, bounds, terms);
  }
  return true;
}

/** The other end of the bound's type, unless the condition gives a tighter one: SQLite uses one bound a side on an index. */
function bracket(column: Column, bound: Bound, bounds: readonly Bound[], terms: string[]): void {
  const isLower = bound.sql.startsWith('>');
  const rank = typeRank(bound.value);
  if (bounds.some((other) => other.sql.startsWith('>') !== isLower && typeRank(other.value) === rank)) return;
  const { lower, upper } = BRACKETS[rank]!;
  const end = isLower ? upper : lower;
  if (end !== undefined) terms.push(`${column.sql} ${end}`);
}
