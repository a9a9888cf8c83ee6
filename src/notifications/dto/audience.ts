import { isRecord } from '../../common/dto/value-records.js';
import { Rule } from '../../common/dto/decorators.js';
import type { JsonSchema } from '../../common/dto/json-schema.js';

/** To whom, as a caller writes it: one of these. */
export interface To {
  person_id?: string;
  email?: string;
  phone?: string;
  token?: string;
  fid?: string;
  topic?: string;
}
export const TO_FIELDS = ['person_id', 'email', 'phone', 'token', 'fid', 'topic'] as const;
const LONGEST = 4096;
export const MOST_AUDIENCE = 5000;

const ONE: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(TO_FIELDS.map((name) => [name, { type: 'string', minLength: 1, maxLength: LONGEST }])),
  additionalProperties: false,
};

/** One, or a list; that each names one thing alone, and what it may be, is checked later and named then. */
export function IsAudience(): PropertyDecorator {
  const schema: JsonSchema = { anyOf: [ONE, { type: 'array', items: ONE, minItems: 1, maxItems: MOST_AUDIENCE }] };
  return Rule('isAudience', schema, (value) =>
    Array.isArray(value) ? value.length > 0 && value.length <= MOST_AUDIENCE && value.every(isOne) : isOne(value),
  );
}

function isOne(value: unknown): boolean {
  return isRecord(value, (name, one) => {
    if (!(TO_FIELDS as readonly string[]).includes(name)) return false;
    return typeof one === 'string' && one !== '' && [...one].length <= LONGEST;
  });
}
