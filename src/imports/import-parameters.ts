import { Type, type Static } from 'typebox';
import { canonicalJson } from '../common/canonical-json.js';
import { invalidField } from '../common/errors.js';
import { queryParser, Strict } from '../common/schema.js';
import { TEXT_ENCODINGS } from '../domain/gsm7.js';
import type { CommonFields } from '../requests/preparation.js';

const Text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }));

/** Query parameters, or fields of the form, which win. Everything but the file. */
export const ImportParameters = Strict({
  template_id: Text(100, 'An approved template.'),
  text: Text(10_000, 'Instead of a template, the same for all; needs the scope sms:send_text.'),
  encoding: Type.Optional(Type.Enum([...TEXT_ENCODINGS], { description: 'As in POST /requests.' })),
  agent_id: Text(100, 'Whose queue the messages wait in.'),
  route: Text(100, 'agent:<id> or group:<name>, instead of agent_id.'),
  priority: Text(20, 'HIGH, NORMAL or LOW; anything else is NORMAL.'),
  schedule_at: Text(40, 'ISO 8601; without a zone it is UTC.'),
  expires_at: Text(40, 'ISO 8601; the end of all messages.'),
  ttl_seconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 30 * 86_400, description: 'How long a message lives.' }),
  ),
  to_column: Text(200, 'Header of the numbers; without it one that is named to, phone, number, mobile or alike.'),
  variables: Text(
    10_000,
    'JSON, a variable of the template to a header: {"NAME":"First name"}. Others are the headers of their own names.',
  ),
  delimiter: Type.Optional(
    Type.Enum([',', ';', 'tab', '|'], {
      description: 'Between two cells; without it, whichever the header line has most of.',
    }),
  ),
  dry_run: Type.Optional(
    Type.Boolean({ description: 'Shows what would be sent, and every bad line, and sends nothing.' }),
  ),
  skip_bad_lines: Type.Optional(
    Type.Boolean({
      description: 'Leaves bad lines out and lists them; without it one bad line refuses the file whole.',
    }),
  ),
});
export type ImportParameters = Static<typeof ImportParameters>;

export const parseParameters = queryParser(ImportParameters);

/** Fields of a form on top of the query. @throws ApiError 400 */
export function mergeParameters(query: ImportParameters, fields: Record<string, string>): ImportParameters {
  const merged = { ...query, ...parseParameters({ ...fields }) };
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
  'priority',
  'schedule_at',
  'expires_at',
  'ttl_seconds',
] as const;

/** What each request of the import says besides its messages. */
export function requestOf(parameters: ImportParameters): CommonFields {
  return Object.fromEntries(
    REQUEST_FIELDS.filter((name) => parameters[name] !== undefined).map((name) => [name, parameters[name]]),
  );
}

/** The same text for the same parameters, in whichever order they and the variables are written. */
export function canonicalParameters(parameters: ImportParameters): string {
  const { variables } = parameters;
  return canonicalJson({ ...parameters, variables: variables && (parseJson(variables) ?? variables) });
}

/** `{"NAME":"First name"}`. @throws ApiError 400 */
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
