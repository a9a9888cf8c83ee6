import { Rule } from '../../../common/dto/decorators.js';

const LONGEST = 4096;
const MOST = 5000;
const TOKEN = '^\\S+$';

/** One token, or a list of them. */
export function IsTokens(): PropertyDecorator {
  const one = { type: 'string', pattern: TOKEN, maxLength: LONGEST };
  const isOne = (value: unknown) =>
    typeof value === 'string' && new RegExp(TOKEN, 'u').test(value) && [...value].length <= LONGEST;
  return Rule('isTokens', { anyOf: [one, { type: 'array', minItems: 1, maxItems: MOST, items: one }] }, (value) =>
    Array.isArray(value) ? value.length > 0 && value.length <= MOST && value.every(isOne) : isOne(value),
  );
}
