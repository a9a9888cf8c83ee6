import { isRecord } from '../../common/dto/value-records.js';
import { Rule } from '../../common/dto/decorators.js';
import type { JsonSchema } from '../../common/dto/json-schema.js';

const LONGEST_CONTENT = 10_000;
export const LONGEST_TITLE = 254;
/** A language as BCP 47 writes it: `vi`, `pt-BR`, `zh-Hant-TW`. */
const TAG = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$';

const TRANSLATION: JsonSchema = {
  type: 'object',
  properties: {
    content: { type: 'string', minLength: 1, maxLength: LONGEST_CONTENT },
    title: { type: 'string', minLength: 1, maxLength: LONGEST_TITLE },
  },
  required: ['content'],
  additionalProperties: false,
};

/** A template's content and title in other languages. */
export function IsTranslations(): PropertyDecorator {
  const schema: JsonSchema = {
    type: 'object',
    maxProperties: 50,
    patternProperties: { [TAG]: TRANSLATION },
    additionalProperties: false,
  };
  return Rule(
    'isTranslations',
    schema,
    (value) =>
      isRecord(value, (tag, one) => new RegExp(TAG, 'u').test(tag) && isTranslation(one)) &&
      Object.keys(value as object).length <= 50,
  );
}

function isTranslation(value: unknown): boolean {
  const longest: Record<string, number> = { content: LONGEST_CONTENT, title: LONGEST_TITLE };
  const isText = (name: string, text: unknown) =>
    Object.hasOwn(longest, name) && typeof text === 'string' && text !== '' && [...text].length <= longest[name]!;
  return isRecord(value, isText) && Object.hasOwn(value as object, 'content');
}
