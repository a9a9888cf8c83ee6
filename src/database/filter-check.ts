import type { Where } from './query.js';

const OPERATORS = new Set(['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte', '$exists']);

/**
 * Refuses what would silently widen a filter: an `undefined` value (the drivers drop it, so `{tenant_id: undefined}` would
 * match every tenant), an empty condition, an operator of another dialect, or a nested object where a scalar belongs.
 */
export function checkFilter(filter: Where): void {
  for (const path in filter) {
    if (path.startsWith('$')) throw new TypeError(`filters have no operator ${path} at their top level`);
    const condition: unknown = filter[path];
    if (isScalar(condition)) continue;
    if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) refuse(path, condition);
    const operators = Object.entries(condition as object);
    if (operators.length === 0) refuse(path, condition);
    for (const [operator, operand] of operators) checkOperator(path, operator, operand);
  }
}

function checkOperator(path: string, operator: string, operand: unknown): void {
  if (!OPERATORS.has(operator)) throw new TypeError(`the condition on ${path} has an unknown operator ${operator}`);
  if (operator === '$exists') {
    if (typeof operand !== 'boolean') refuse(path, operand);
  } else if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand) || !operand.every(isScalar)) refuse(path, operand);
  } else if (!isScalar(operand)) refuse(path, operand);
}

function isScalar(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function refuse(path: string, value: unknown): never {
  const shown = value === undefined ? 'undefined' : typeof value === 'number' ? String(value) : typeof value;
  throw new TypeError(`the condition on ${path} is not a value a filter can hold (${shown})`);
}
