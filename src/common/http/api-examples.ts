/** The part of a JSON schema from which an example is made. */
export interface Sketch {
  $id?: string;
  type?: string;
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  minimum?: number;
  minItems?: number;
  items?: Sketch;
  anyOf?: Sketch[];
  properties?: Record<string, Sketch>;
  required?: string[];
}

/** An example value made from the schema's `examples`; undefined when a required part has none. */
export function exampleOf(schema: Sketch): unknown {
  const given = [schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]].find((one) => one !== undefined);
  if (given !== undefined) return given;
  if (schema.anyOf) return exampleOf(schema.anyOf[0]!);
  switch (schema.type) {
    case 'object':
      return exampleOfObject(schema);
    case 'array': {
      const item = exampleOf(schema.items ?? {});
      return item === undefined ? undefined : [item];
    }
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return undefined;
  }
}

function exampleOfObject({ properties = {}, required = [] }: Sketch): unknown {
  const made: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(properties)) {
    const value = exampleOf(inner);
    if (value !== undefined) made[name] = value;
    else if (required.includes(name)) return undefined;
  }
  return made;
}

const DATA = new Set(['examples', 'example', 'default', 'enum', 'const']);

/** The schema with every part that has an `$id` replaced by a reference; the parts are put into `named`. */
export function withReferences(schema: unknown, named: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => withReferences(one, named));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $id, ...rest } = schema as Sketch;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, DATA.has(key) ? value : withReferences(value, named)]),
  );
  if ($id === undefined) return plain;
  named[$id] = plain;
  return { $ref: `#/components/schemas/${$id}` };
}
