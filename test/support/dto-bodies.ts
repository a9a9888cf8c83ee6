import fc from 'fast-check';
import type { JsonSchema } from '../../src/common/dto/json-schema.js';

/** Replacements for any value: of every kind, including values that validators often get wrong. */
// prettier-ignore
const WRONG: unknown[] = [
  null, true, 0, -1, 1.5, 1e308, '', ' ', '\n\t', 'x', '0', '\ud800', '\u200d\ufe0f', '💥'.repeat(70),
  [], [[]], [[[]]], [null], [undefined], [{}], ['', ''], holes(1), holes(3), {}, { '': {} }, { toString: 1 },
  { length: 1 }, { 0: 'a', length: 1 }, JSON.parse('{"__proto__":{"to":"1"}}'), { constructor: {} },
];
/** The parts of generated strings: characters of one and of two units, halves of one, blanks. */
const CHARACTERS = fc.constantFrom('a', 'Z', '7', '_', ' ', '\n', 'é', '💥', '\ud800');
const FIELDS = ['extra', '', '0', 'length', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'to ', 'a.b'];
const NAMES = ['A', 'a_1', 'x'.repeat(64), 'x'.repeat(65), '', 'a.b', 'a\nb', 'é', 'agent', 'group:day', '__proto__'];

/** Values that are right, or wrong in one or two places. */
export function bodiesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 25, arbitrary: right(schema) },
    { weight: 1, arbitrary: fc.constantFrom(...WRONG, ...edges(schema)) },
  );
}

function right(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(bodiesOf));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return schema.properties ? withExtraField(fieldsOf(schema)) : recordOf(schema);
    case 'array':
      return fc.array(bodiesOf(schema.items!), {
        minLength: schema.minItems ?? 0,
        maxLength: (schema.minItems ?? 0) + 3,
      });
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1e9 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 1e9, noNaN: true });
    default:
      return schema.type === 'boolean' ? fc.boolean() : fc.constant(null);
  }
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<object> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, bodiesOf(one)]));
  const some = fc.record(fields, { requiredKeys: required });
  return fc.oneof({ weight: 9, arbitrary: some }, { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) });
}

function withExtraField(objects: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const extra = fc.tuple(objects, fc.constantFrom(...FIELDS), fc.constantFrom(...WRONG));
  return fc.oneof(
    { weight: 12, arbitrary: objects },
    { weight: 1, arbitrary: extra.map(([object, name, value]) => withField(object, name, value)) },
  );
}

function recordOf(schema: JsonSchema): fc.Arbitrary<object> {
  const names = fc.oneof(...Object.keys(schema.patternProperties ?? {}).map(matching), fc.constantFrom(...NAMES));
  const fields = fc.array(fc.tuple(names, bodiesOf(valuesOf(schema)[0]!)), { maxLength: 3 });
  return fields.map((all) => all.reduce((object, [name, value]) => withField(object, name, value), {}));
}

/** The possible values of a record. */
function valuesOf({ patternProperties = {}, additionalProperties }: JsonSchema): JsonSchema[] {
  return [...Object.values(patternProperties), additionalProperties].filter((one) => typeof one === 'object');
}

function textOf({ pattern, minLength = 0, maxLength = minLength + 8 }: JsonSchema): fc.Arbitrary<string> {
  const free = fc.string({ unit: CHARACTERS, minLength, maxLength: Math.min(maxLength, minLength + 8) });
  return pattern === undefined ? free : fc.oneof({ weight: 4, arbitrary: matching(pattern) }, free);
}

/** The generator supports neither lookaheads nor character classes; its strings may be invalid, which is also a useful test. */
function matching(pattern: string): fc.Arbitrary<string> {
  const plain = pattern.replaceAll(/\(\?[!=][^)]*\)/g, '').replaceAll(/\\P\{\w+\}/g, '.');
  return fc.stringMatching(new RegExp(plain, 'u'), { size: 'small' });
}

/** Takes a full body and makes each of its places invalid in every way, or puts it at a limit. */
export function* spoiltBodies(schema: JsonSchema): Generator<unknown> {
  yield* WRONG;
  yield* spoiltParts(schema);
}

function* spoiltParts(schema: JsonSchema): Generator<unknown> {
  yield* edges(schema);
  for (const one of schema.anyOf ?? []) yield* spoiltParts(one);
  const full = fullBody(schema) as object;
  if (schema.items) for (const bad of spoiltBodies(schema.items)) yield [(full as unknown[])[0], bad];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    yield Object.fromEntries(Object.entries(full).filter(([other]) => other !== name));
    for (const bad of spoiltBodies(field)) yield withField(full, name, bad);
  }
  if (schema.properties) for (const name of FIELDS) yield* [withField(full, name, 1), withField(full, name, {})];
  for (const value of valuesOf(schema)) {
    for (const name of NAMES) yield* [withField({}, name, 1), withField({}, name, {})];
    for (const bad of spoiltBodies(value)) yield { A: bad };
  }
}

function fullBody(schema: JsonSchema): unknown {
  if (schema.anyOf) return fullBody(schema.anyOf[0]!);
  if (schema.items) return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => fullBody(schema.items!));
  if (!schema.properties) return fc.sample(right(schema), { seed: 7, numRuns: 1 })[0];
  return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, fullBody(field)]));
}

/** Values at and next to each limit. */
function edges(schema: JsonSchema): unknown[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, maxProperties, items } = schema;
  const about = (bound: number | undefined) => (bound === undefined ? [] : [bound - 1, bound, bound + 1]);
  const lengths = [...about(minLength), ...about(maxLength)].filter((length) => length >= 0);
  const counts = [...about(minItems), ...about(maxItems)].filter((count) => count >= 0);
  const item = items && fc.sample(right(items), { seed: 7, numRuns: 1 })[0];
  return [
    ...about(minimum),
    ...about(maximum),
    ...lengths.flatMap((length) => ['x', '💥'].map((character) => character.repeat(length))),
    ...lengths.map((length) => '❤\ufe0f'.repeat(length / 2)),
    ...counts.map((count) => Array.from({ length: count }, () => item)),
    ...about(maxProperties).map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 1]))),
  ];
}

/** Sets a field as JSON.parse does, so that `__proto__` is an ordinary field. */
export function withField(object: object, name: string, value: unknown): object {
  return Object.defineProperty({ ...object }, name, { value, enumerable: true, configurable: true, writable: true });
}

export function holes(length: number): unknown[] {
  const list: unknown[] = [];
  list.length = length;
  return list;
}
