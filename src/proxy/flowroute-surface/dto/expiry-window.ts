import { Rule } from '../../../common/dto/decorators.js';

/** Ten years. */
const MOST_MINUTES = 5_256_000;
const DIGITS = '^\\d{1,7}$';

/** Minutes, as a number or its digits. */
export function IsExpiryWindow(): PropertyDecorator {
  const schema = {
    anyOf: [
      { type: 'number', minimum: 0, maximum: MOST_MINUTES },
      { type: 'string', pattern: DIGITS },
    ],
  };
  return Rule('isExpiryWindow', schema, (value) =>
    typeof value === 'string'
      ? new RegExp(DIGITS, 'u').test(value)
      : typeof value === 'number' && value >= 0 && value <= MOST_MINUTES,
  );
}
