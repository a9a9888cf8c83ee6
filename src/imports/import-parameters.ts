import { canonicalJson } from '../common/canonical-json.js';
import { invalidField } from '../common/errors.js';
import { schemaOf } from '../common/dto/schema-of.js';
import { queryParser } from '../common/schema.js';
import type { CommonFields } from '../requests/preparation.js';
import { ImportParameters } from './dto/import-parameters.js';

const parseFields = queryParser<ImportParameters>(schemaOf(ImportParameters));

/** Merges the fields of a form into the query; the form wins. @throws ApiError 400 */
export function mergeParameters(query: ImportParameters, fields: Record<string, string>): ImportParameters {
  const merged = { ...query, ...parseFields({ ...fields }) };
  for (const [name, value] of Object.entries(merged)) {
    if (typeof value === 'string' && value.includes('\0'))
      throw invalidField(name, 'must not contain the character NUL');
  }
  return merged;
}

const REQUEST_FIELDS = [
  'template_id',
  'text',
  'encoding',
  'agent_id',
  'route',
  'channel',
  'allow_empty_route',
  'priority',
  'schedule_at',
  'expires_at',
  'ttl_seconds',
] as const;

/** The fields of each request of the import, without its messages. */
export function requestOf(parameters: ImportParameters): CommonFields {
  return Object.fromEntries(
    REQUEST_FIELDS.filter((name) => parameters[name] !== undefined).map((name) => [name, parameters[name]]),
  );
}

/** Returns the same text for the same parameters, in any order of the parameters and variables. */
export function canonicalParameters(parameters: ImportParameters): string {
  const { variables } = parameters;
  return canonicalJson({ ...parameters, variables: variables && (parseJson(variables) ?? variables) });
}

/** Parses `{"NAME":"First name"}`. @throws ApiError 400 */
export function readMapping(text: string | undefined): ReadonlyMap<string, string> {
  const value = parseJson(text ?? '{}');
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (!entries?.every(([, header]) => typeof header === 'string'))
    throw invalidField('variables', 'must be a JSON object of variables and headers, such as {"NAME":"First name"}');
  return new Map(entries as [string, string][]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
