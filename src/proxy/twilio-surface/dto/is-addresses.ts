import { Rule } from '../../../common/dto/decorators.js';

const LONGEST = 60;
const MOST = 50;

/** One address, or a list of them. */
export function IsAddresses(): PropertyDecorator {
  const one = { type: 'string', minLength: 1, maxLength: LONGEST };
  const isOne = (value: unknown) => typeof value === 'string' && value !== '' && [...value].length <= LONGEST;
  return Rule('isAddresses', { anyOf: [one, { type: 'array', minItems: 1, maxItems: MOST, items: one }] }, (value) =>
    Array.isArray(value) ? value.length > 0 && value.length <= MOST && value.every(isOne) : isOne(value),
  );
}
