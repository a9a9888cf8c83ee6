import { Rule } from '../../common/dto/decorators.js';
import { isRecord } from '../../common/dto/value-records.js';
import { KEYWORDS, LONGEST_WORD, WORD_LANGUAGES } from '../../domain/opt-out-words.js';

/** A text is compared with each of them. */
const MOST_WORDS = 50;
const LONGEST_TEXT = 300;
/** A word without a letter or a digit would be no word. */
const WORD = '[\\p{L}\\p{N}]';

export function IsOptOutWords(): PropertyDecorator {
  const words = {
    type: 'array',
    maxItems: MOST_WORDS,
    items: { type: 'string', maxLength: LONGEST_WORD, pattern: WORD },
  };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(KEYWORDS.map((keyword) => [keyword, words])),
    additionalProperties: false,
  };
  const isWord = (one: unknown): boolean =>
    typeof one === 'string' && [...one].length <= LONGEST_WORD && new RegExp(WORD, 'u').test(one);
  return Rule('isOptOutWords', schema, (value) =>
    isRecord(
      value,
      (name, list) =>
        KEYWORDS.includes(name as never) && Array.isArray(list) && list.length <= MOST_WORDS && list.every(isWord),
    ),
  );
}

export function IsConfirmationTexts(): PropertyDecorator {
  const text = { type: 'string', minLength: 1, maxLength: LONGEST_TEXT };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(WORD_LANGUAGES.map((language) => [language, text])),
    additionalProperties: false,
  };
  return Rule('isConfirmationTexts', schema, (value) =>
    isRecord(
      value,
      (name, one) =>
        WORD_LANGUAGES.includes(name as never) &&
        typeof one === 'string' &&
        one !== '' &&
        [...one].length <= LONGEST_TEXT,
    ),
  );
}
