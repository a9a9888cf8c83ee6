import type { Scalar } from '../../query.js';
import { UpdateError } from './path-write.js';
import { compareValues, sameScalar } from './value-order.js';

export const REMOVE = Symbol('remove');

/** Returns the field's new value; `current` is undefined when the field is missing. Returning `current` itself changes nothing. */
export type Operator = (current: unknown, operand: never, path: string) => unknown;

export const OPERATORS: Readonly<Record<string, Operator>> = {
  $set: (_current, operand) => operand,
  $setOnInsert: (_current, operand) => operand,
  $unset: (current) => (current === undefined ? undefined : REMOVE),
  $inc: increment,
  $min: (current, operand) => (current === undefined || compareValues(operand, current) < 0 ? operand : current),
  $max: (current, operand) => (current === undefined || compareValues(operand, current) > 0 ? operand : current),
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
};

function increment(current: unknown, by: number, path: string): unknown {
  if (typeof by !== 'number') throw new UpdateError(`$inc of ${path} needs a number`);
  if (current === undefined) return by;
  if (typeof current !== 'number') throw new UpdateError(`can't $inc ${path}: it does not hold a number`);
  return current + by;
}

function push(current: unknown, { $each, $slice }: { $each: readonly unknown[]; $slice?: number }, path: string) {
  const items = [...listAt(current, path, '$push'), ...$each];
  if ($slice === undefined) return items;
  if ($slice === 0) return [];
  return $slice < 0 ? items.slice($slice) : items.slice(0, $slice);
}

function addToSet(current: unknown, operand: Scalar, path: string): unknown {
  const items = listAt(current, path, '$addToSet');
  return items.some((item) => sameScalar(item, operand)) ? current : [...items, operand];
}

function pull(current: unknown, operand: Scalar, path: string): unknown {
  if (current === undefined) return undefined;
  return listAt(current, path, '$pull').filter((item) => !sameScalar(item, operand));
}

function listAt(current: unknown, path: string, operator: string): readonly unknown[] {
  if (current === undefined) return [];
  if (!Array.isArray(current)) throw new UpdateError(`can't ${operator} ${path}: it does not hold a list`);
  return current;
}
