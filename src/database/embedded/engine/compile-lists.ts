import type { Condition, Scalar, Where } from '../../query.js';
import { compileCondition, unstorable } from './compile-condition.js';
import { asCondition, compileScalar } from './compile-scalar.js';
import type { Bindable } from './column-value.js';
import type { ListTable } from './list-table.js';
import type { Table } from './table.js';

export interface CompiledLists {
  exact: boolean;
  /** The paths of scalars that need no term of their own; present when lists find the documents. */
  decided?: Set<string>;
}

/** An element to look for in a list's table, and whether documents that have it match. */
interface Search {
  element: Condition;
  negated: boolean;
  exact: boolean;
}

/** Appends SQL terms for the conditions on lists. Each operator is a search of its own, because any element may meet it. */
export function compileLists(table: Table, filter: Where, terms: string[], values: Bindable[]): CompiledLists {
  const compiled: CompiledLists = { exact: true };
  for (const path in filter) {
    const list = table.lists.get(path);
    if (!list) continue;
    const condition = asCondition(filter[path]!);
    for (const operator in condition) {
      const search = searchFor(list, operator as keyof Condition, condition);
      if (!search?.exact) compiled.exact = false;
      if (!search) continue;
      if (!compileSearch(table, list, search, filter, terms, values)) compiled.exact = false;
      if (search.negated) continue;
      compiled.decided ??= new Set();
      for (const column of list.copied) compiled.decided.add(column.path);
    }
  }
  return compiled;
}

/** The copied columns' conditions are repeated, so that an index of them and the list serves. */
function compileSearch(
  table: Table,
  list: ListTable,
  { element, negated }: Search,
  filter: Where,
  terms: string[],
  values: Bindable[],
): boolean {
  const inner: string[] = [];
  let exact = true;
  for (const column of list.copied) {
    const condition = filter[column.path];
    if (condition === undefined) continue;
    if (!compileScalar(table, column, asCondition(condition), inner, values)) exact = false;
  }
  compileCondition(list.column, element, inner, values);
  const where = inner.length > 0 ? ` WHERE ${inner.join(' AND ')}` : '';
  terms.push(`_id ${negated ? 'NOT IN' : 'IN'} (SELECT _id FROM ${list.sql}${where})`);
  return exact;
}

/** Undefined when only the matcher can tell: null stands for a missing field as well. */
function searchFor({ column }: ListTable, operator: keyof Condition, condition: Condition): Search | undefined {
  if (operator === '$exists') {
    if (column.nulls === 'unique list') return undefined;
    return { element: {}, negated: !condition.$exists, exact: true };
  }
  const operand = condition[operator]!;
  if (operator === '$in' || operator === '$nin' || operator === '$ne') {
    const operands = operator === '$ne' ? [operand as Scalar] : (operand as readonly Scalar[]);
    const $in = operands.filter((value) => value !== null);
    const exact = $in.length === operands.length;
    const negated = operator !== '$in';
    return exact || negated ? { element: { $in }, negated, exact } : undefined;
  }
  if (operand === null || (operator !== '$eq' && unstorable(operand as Scalar))) return undefined;
  return { element: { [operator]: operand }, negated: false, exact: true };
}
