import type { Condition, Scalar } from '../../query.js';
import type { Column } from './column.js';
import { compileCondition } from './compile-condition.js';
import { literal, type Bindable } from './column-value.js';
import type { Table } from './table.js';

/** Appends SQL terms for a column; false when they are weaker than the condition. */
export function compileScalar(
  table: Table,
  column: Column,
  condition: Condition,
  terms: string[],
  values: Bindable[],
): boolean {
  const constant = partialConstant(table, column.path, condition);
  if (constant === undefined) return compileCondition(column, condition, terms, values);
  terms.push(`${column.sql} = ${constant}`);
  return true;
}

/** SQLite uses a partial index only when the query repeats the index's condition literally, not as a parameter. */
function partialConstant(table: Table, path: string, condition: Condition): string | undefined {
  const constants = table.partialConstants.get(path);
  const value = condition.$eq;
  if (!constants || value === undefined || value === null || value instanceof Date) return undefined;
  return Object.keys(condition).length === 1 && constants.has(value) ? literal(value) : undefined;
}

export function asCondition(condition: Scalar | Condition): Condition {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) return { $eq: condition };
  return condition;
}
