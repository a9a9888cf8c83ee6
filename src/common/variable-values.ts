import { Type } from 'typebox';

/** A template's variables: texts, numbers and booleans; null is as good as missing. */
export const VariableValues = Type.Record(
  Type.String(),
  Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean(), Type.Null()]),
);
