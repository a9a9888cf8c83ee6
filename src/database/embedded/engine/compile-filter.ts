import type { Condition, Scalar, Where } from '../../query.js';
import { compileCondition } from './compile-condition.js';
import { literal, type Bindable } from './column-value.js';
import type { Table } from './table.js';

export interface CompiledFilter {
  /** Empty, or beginning with ` WHERE `. Equal shapes give equal text, so prepared statements are found by it. */
  where: string;
  values: Bindable[];
  /** Whether SQL alone decides; otherwise SQL only finds candidates and the matcher decides. */
  exact: boolean;
}

export function compileFilter(table: Table, filter: Where): CompiledFilter {
  const terms: string[] = [];
  const values: Bindable[] = [];
  let exact = true;
  for (const path in filter) {
    const condition = asCondition(filter[path]!);
    const column = table.columnOf.get(path);
    if (!column) {
      exact = false;
      continue;
    }
    const constant = partialConstant(table, path, condition);
    if (constant !== undefined) terms.push(`${column.sql} = ${constant}`);
    else if (!compileCondition(column, condition, terms, values)) exact = false;
  }
  return { where: terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '', values, exact };
}

/** SQLite uses a partial index only when the query repeats the index's condition literally, not as a parameter. */
function partialConstant(table: Table, path: string, condition: Condition): string | undefined {
  const constants = table.partialConstants.get(path);
  const value = condition.$eq;
  if (!constants || value === undefined || value === null || value instanceof Date) return undefined;
  return Object.keys(condition).length === 1 && constants.has(value) ? literal(value) : undefined;
}

function asCondition(condition: Scalar | Condition): Condition {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) return { $eq: condition };
  return condition;
}
