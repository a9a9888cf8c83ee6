import { Rule } from '../../../common/dto/decorators.js';

/** A text, or a number as its digits; what is wrong with it, the readers of the surface say. */
export function IsPlainText(): PropertyDecorator {
  return Rule('isPlainText', { anyOf: [{ type: 'string' }, { type: 'number' }] }, (value) =>
    ['string', 'number'].includes(typeof value),
  );
}
