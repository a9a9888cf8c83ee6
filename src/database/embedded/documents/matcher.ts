import type { Condition, Scalar, Where } from '../../query.js';
import { segmentsOf, someAt } from './path.js';
import { compareValues, sameScalar, typeRank } from './value-order.js';

export type Matcher = (doc: unknown) => boolean;
type Test = (value: unknown) => boolean;

/** The filter as a function. SQL finds the candidates; this checks the conditions that SQL can't. */
export function compileMatcher(filter: Where): Matcher {
  const tests: Matcher[] = [];
  for (const [path, condition] of Object.entries(filter)) {
    const segments = segmentsOf(path);
    for (const { test, negated } of conditionTests(condition)) {
      tests.push((doc) => someAt(doc, segments, test) !== negated);
    }
  }
  return (doc) => tests.every((test) => test(doc));
}

function conditionTests(condition: Scalar | Condition): { test: Test; negated: boolean }[] {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date)
    return [{ test: equals(condition), negated: false }];
  return Object.entries(condition).map(([operator, operand]) => operatorTest(operator, operand as never));
}

function operatorTest(operator: string, operand: never): { test: Test; negated: boolean } {
  switch (operator) {
    case '$eq':
      return { test: equals(operand), negated: false };
    case '$ne':
      return { test: equals(operand), negated: true };
    case '$in':
      return { test: isOneOf(operand), negated: false };
    case '$nin':
      return { test: isOneOf(operand), negated: true };
    case '$exists':
      return { test: (value) => value !== undefined, negated: !operand };
    case '$gt':
      return { test: inBracket(operand, (order) => order > 0), negated: false };
    case '$gte':
      return { test: inBracket(operand, (order) => order >= 0), negated: false };
    case '$lt':
      return { test: inBracket(operand, (order) => order < 0), negated: false };
    case '$lte':
      return { test: inBracket(operand, (order) => order <= 0), negated: false };
    default:
      throw new TypeError(`filters have no operator ${operator}`);
  }
}

function equals(operand: Scalar): Test {
  return (value) => sameScalar(value, operand);
}

function isOneOf(operands: readonly Scalar[]): Test {
  return (value) => operands.some((operand) => sameScalar(value, operand));
}

/** Type bracketing: a range over numbers holds for numbers only, one over dates for dates only. */
function inBracket(operand: Scalar, holds: (order: number) => boolean): Test {
  const rank = typeRank(operand);
  return (value) => typeRank(value) === rank && holds(compareValues(value, operand));
}
