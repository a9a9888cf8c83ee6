import { setImmediate } from 'node:timers/promises';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Type, type TSchema } from 'typebox';
import type { JsonSchema } from './dto/json-schema.js';
import { ApiError, invalid, type ErrorDetail } from './errors.js';

/** Our own schemas are valid; validating each would cost every start 60 ms. */
const UNCHECKED = { meta: false, validateSchema: false };
/** `verbose` adds the schema, and so its message, to an error. It costs nothing while there is no error. */
const OPTIONS = { useDefaults: true, strict: false, verbose: true, ...UNCHECKED };
const COERCED = { ...OPTIONS, coerceTypes: true };
/** `first` stops at the first mistake: naming two million wrong items one by one would block the gateway for three seconds. */
const bodies = { first: new Ajv(OPTIONS), every: new Ajv({ ...OPTIONS, allErrors: true }) };
const queries = { first: new Ajv(COERCED), every: new Ajv({ ...COERCED, allErrors: true }) };
/** For a value with more parts than this, only the first mistake is reported: a request of 5,000 has 25,000 parts. */
const MOST_PARTS = 40_000;

export type Parse<T> = (value: unknown) => T;

const uncompiled: (() => unknown)[] = [];

/** Compiles the schemas that no call has needed yet, in small steps after the start, so that no caller has to wait for it. */
export async function compileParsers(): Promise<void> {
  for (const compile of uncompiled.splice(0)) {
    compile();
    await setImmediate();
  }
}

/** The parser returns the value with its defaults or throws a 400 that names every bad field. The schema is compiled once. */
export function bodyParser<T>(schema: JsonSchema): Parse<T> {
  return parser(bodies, schema, 'body');
}

/** The same for query strings and paths, where every value arrives as text. */
export function queryParser<T>(schema: JsonSchema): Parse<T> {
  return parser(queries, schema, 'query');
}

function parser<T>(by: typeof bodies, schema: JsonSchema, where: 'body' | 'query'): Parse<T> {
  let first: ValidateFunction | undefined;
  let every: ValidateFunction | undefined;
  const compiled = (): ValidateFunction => (first ??= by.first.compile(schema));
  uncompiled.push(compiled);
  return (value) => {
    if (where === 'body' && (value === undefined || value === null)) {
      throw new ApiError(400, 'empty_body', 'Send a JSON body (Content-Type: application/json).');
    }
    const validate = compiled();
    if (validate(value)) return value as T;
    const mistakes = validate.errors ?? [];
    if (parts(value, MOST_PARTS) >= MOST_PARTS) throw invalid(tellErrors(mistakes));
    every ??= by.every.compile(schema);
    every(value);
    throw invalid(tellErrors(every.errors ?? mistakes));
  };
}

/** Number of values inside a value, including itself; stops counting at `most`. */
function parts(value: unknown, most: number): number {
  let count = 1;
  if (value === null || typeof value !== 'object') return count;
  for (const key in value) {
    if (count >= most) break;
    count += parts((value as Record<string, unknown>)[key], most - count);
  }
  return count;
}

function tellErrors(errors: readonly ErrorObject[]): ErrorDetail[] {
  const told = new Map<string, ErrorDetail>();
  for (const error of errors) {
    if (told.size >= 100) break;
    const detail = tell(error);
    // The branches of a choice fail one by one; the first line about a field is enough.
    if (!told.has(detail.field)) told.set(detail.field, detail);
  }
  return [...told.values()];
}

function tell(error: ErrorObject): ErrorDetail {
  const at = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const inside = (name: string) => (at ? `${at}.${name}` : name);
  const params = error.params as Record<string, unknown>;
  const { title, 'x-messages': own } = (error.parentSchema ?? {}) as JsonSchema;
  if (own?.[error.keyword] !== undefined) return { field: at, message: own[error.keyword]! };
  switch (error.keyword) {
    case 'required':
      return { field: inside(String(params['missingProperty'])), message: 'is required' };
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const here = otherNamesOf(name).find((other) => error.parentSchema?.['properties']?.[other]);
      return {
        field: inside(name.slice(0, 100)),
        message: here ? `is called ${here} here` : 'is not a field of this request; remove it',
      };
    }
    case 'type':
      return { field: at, message: `must be ${article(String(params['type']))}` };
    case 'enum':
      return { field: at, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'pattern':
      return { field: at, message: title ?? `must match ${String(params['pattern'])}` };
    case 'minItems':
      return { field: at, message: 'must not be empty' };
    case 'minLength':
      return {
        field: at,
        message:
          params['limit'] === 1 ? 'must not be empty' : `must have ${String(params['limit'])} characters or more`,
      };
    default:
      return { field: at, message: error.message ?? 'is not valid' };
  }
}

/** What some routes call alike: where `to` is a number, a span of time has longer names. */
const SAME: readonly (readonly string[])[] = [
  ['from', 'created_from'],
  ['to', 'created_to'],
];

function otherNamesOf(name: string): string[] {
  return SAME.flatMap((names) => (names.includes(name) ? names.filter((other) => other !== name) : []));
}

function article(types: string): string {
  const names = types.split(',').map((type) => `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`);
  return names.join(' or ').replace('a null', 'null');
}

export function Nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** Gives a schema the example that the OpenAPI document shows. */
export function withExample<S extends TSchema>(schema: S, example: unknown): S {
  return Object.assign(schema, { examples: [example] });
}
