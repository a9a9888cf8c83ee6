import { Rule } from '../../../common/dto/decorators.js';

/** The source system made a string of whatever it got, and then counted: a number in JSON is as good as its digits. */
export type SourceValue = string | number;

/** A text, or a number as its digits, of at most `longest` characters. */
export function IsSourceValue(longest: number): PropertyDecorator {
  const schema = {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: longest },
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    ],
  };
  return Rule('isSourceValue', schema, (value) =>
    typeof value === 'string'
      ? value !== '' && [...value].length <= longest
      : Number.isSafeInteger(value) && (value as number) >= 0,
  );
}

/** The longest telephone number that it took. */
export const LONGEST_NUMBER = 18;
