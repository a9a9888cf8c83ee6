/** The part of JSON schema that DTO rules use; `x-messages` has better messages for callers than the keywords have. */
export interface JsonSchema {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  maxProperties?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  anyOf?: JsonSchema[];
  default?: unknown;
  title?: string;
  description?: string;
  examples?: unknown[];
  'x-messages'?: Record<string, string>;
}

/** The schema for values that match both schemas. @throws when one keyword would need two values */
export function both(first: JsonSchema, second: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = { ...first };
  for (const [keyword, value] of Object.entries(second)) merged[keyword] = merge(keyword, merged[keyword], value);
  return merged;
}

function merge(keyword: string, one: unknown, other: unknown): unknown {
  if (one === undefined || one === other) return other;
  if (keyword === 'x-messages') return { ...(one as object), ...(other as object) };
  if (keyword === 'type' && [one, other].includes('integer') && [one, other].includes('number')) return 'integer';
  throw new Error(`"${keyword}" can't be both ${JSON.stringify(one)} and ${JSON.stringify(other)}`);
}

/** Whether the schema contains a default anywhere. */
export function hasDefaults({ default: own, properties = {}, items }: JsonSchema): boolean {
  return own !== undefined || [...Object.values(properties), ...(items ? [items] : [])].some(hasDefaults);
}
