import type { Where } from '../../query.js';
import { compileLists } from './compile-lists.js';
import { asCondition, compileScalar } from './compile-scalar.js';
import type { Bindable } from './column-value.js';
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
  const lists = table.lists.size > 0 ? compileLists(table, filter, terms, values) : undefined;
  let exact = lists?.exact ?? true;
  for (const path in filter) {
    if (table.lists.has(path) || lists?.decided?.has(path)) continue;
    let column = table.columnOf.get(path);
    if (!column) {
      exact = false;
      continue;
    }
    // The plus sign keeps SQLite from an index of this column where the elements of a list find fewer documents.
    if (lists?.decided) column = { ...column, sql: `+${column.sql}` };
    if (!compileScalar(table, column, asCondition(filter[path]!), terms, values)) exact = false;
  }
  return { where: terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '', values, exact };
}
