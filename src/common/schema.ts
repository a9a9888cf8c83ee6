import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Type, type Static, type TSchema } from 'typebox';
import { ApiError, invalid, type ErrorDetail } from './errors.js';

/** Our own routes refuse unknown fields; phones, providers and the source systems' surfaces are forgiven theirs. */
export type UnknownFields = 'refuse' | 'ignore';

const bodies = new Ajv({ allErrors: true, useDefaults: true, strict: false });
const queries = new Ajv({ allErrors: true, useDefaults: true, strict: false, coerceTypes: true });

export type Parse<S extends TSchema> = (value: unknown) => Static<S>;

/** Compiles a schema once; the parser returns the value with its defaults or throws a 400 that names every bad field. */
export function bodyParser<S extends TSchema>(schema: S): Parse<S> {
  return parser(bodies.compile(schema), 'body');
}

/** The same for query strings, where everything arrives as text. */
export function queryParser<S extends TSchema>(schema: S): Parse<S> {
  return parser(queries.compile(schema), 'query');
}

function parser<S extends TSchema>(validate: ValidateFunction, where: 'body' | 'query'): Parse<S> {
  return (value) => {
    if (where === 'body' && (value === undefined || value === null)) {
      throw new ApiError(400, 'empty_body', 'Send a JSON body (Content-Type: application/json).');
    }
    if (validate(value)) return value as Static<S>;
    throw invalid(tellErrors(validate.errors ?? []));
  };
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
  switch (error.keyword) {
    case 'required':
      return { field: inside(String(params['missingProperty'])), message: 'is required' };
    case 'additionalProperties':
      return {
        field: inside(String(params['additionalProperty']).slice(0, 100)),
        message: 'is not a field of this request; remove it',
      };
    case 'type':
      return { field: at, message: `must be ${article(String(params['type']))}` };
    case 'enum':
      return { field: at, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'pattern':
      return {
        field: at,
        message: (error.parentSchema?.['title'] as string | undefined) ?? `must match ${String(params['pattern'])}`,
      };
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

function article(types: string): string {
  const names = types.split(',').map((type) => `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`);
  return names.join(' or ').replace('a null', 'null');
}

/** An object of one of our own bodies: unknown fields are refused. */
export function Strict<P extends Record<string, TSchema>>(properties: P, unknown: UnknownFields = 'refuse') {
  return Type.Object(properties, unknown === 'refuse' ? { additionalProperties: false } : {});
}

export function Nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}
