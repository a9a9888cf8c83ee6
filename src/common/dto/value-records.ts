import { Rule } from './decorators.js';
import type { JsonSchema } from './json-schema.js';

const valueOf = (maxLength: number): JsonSchema => ({
  anyOf: [{ type: 'string', maxLength }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
});

/** A template's variables: texts, numbers and booleans; null counts as missing. */
export function IsVariableValues(): PropertyDecorator {
  return Rule('isVariableValues', { type: 'object', additionalProperties: valueOf(10_000) }, (value) =>
    isRecord(value, (_name, one) => isValue(one, 10_000)),
  );
}

/** A client's own notes on a request: flat, so that they stay searchable and small. */
export function IsMetadata(): PropertyDecorator {
  const schema: JsonSchema = {
    type: 'object',
    maxProperties: 50,
    patternProperties: { '^[A-Za-z0-9_-]{1,64}$': valueOf(500) },
    additionalProperties: false,
  };
  return Rule(
    'isMetadata',
    schema,
    (value) =>
      isRecord(value, (name, one) => /^[\w-]{1,64}$/.test(name) && isValue(one, 500)) &&
      Object.keys(value as object).length <= 50,
  );
}

/** Whether the value is an object, not a list, and each of its fields passes. */
export function isRecord(value: unknown, isField: (name: string, value: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, one]) => isField(name, one));
}

function isValue(value: unknown, maxLength: number): boolean {
  if (typeof value === 'string') return [...value].length <= maxLength;
  return value === null || ['number', 'boolean'].includes(typeof value);
}
