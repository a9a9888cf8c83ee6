import type { OpenAPIObject } from '@nestjs/swagger';
import { X_ANSWER, type AnswerOfRoute } from './answers.js';
import { exampleOf, withReferences, type Sketch } from './api-examples.js';
import { ErrorsOfSurface, type DocumentedError, type DocumentedStatus } from './api-errors.js';
import { bodyRules, X_TAKES, type BodyRules, type Takes } from './route-takes.js';
import { X_SURFACE, type SurfaceName } from './surfaces.js';

/** The key under which `@Allow` puts into the document who may call an operation. */
export const X_ACCESS = 'x-access';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  [X_ACCESS]?: { role?: string; scopes?: readonly string[]; agents?: true; public?: true };
  [X_ANSWER]?: AnswerOfRoute;
  [X_TAKES]?: Partial<Takes>;
  [X_SURFACE]?: SurfaceName;
};
type Schemas = Record<string, unknown>;
type Responses = Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Adds to the document what all routes have in common: who may call them, the tenant, answers and errors. */
export function completeOperations(document: OpenAPIObject): OpenAPIObject {
  const schemas: Schemas = { ...document.components?.schemas };
  const responses: Responses = {};
  document.components = {
    ...document.components,
    schemas: schemas as never,
    responses: responses as never,
    parameters: { 'X-Tenant': X_TENANT },
  };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as Operation | undefined;
      if (operation) complete(method, operation, schemas, responses);
    }
  }
  return document;
}

function complete(method: string, operation: Operation, schemas: Schemas, responses: Responses): void {
  const access = operation[X_ACCESS] ?? {};
  operation.security = [
    ...(access.role ? [{ user: [] }, { password: [] }] : []),
    ...(access.scopes ? [{ api_key: [] }, ...(access.role ? [] : [{ password: [] }])] : []),
    ...(access.agents ? [{ agent: [] }] : []),
  ];
  operation.description ??= whoMay(access);
  if (access.role) operation.parameters = [...(operation.parameters ?? []), ref('parameters', 'X-Tenant')];
  for (const response of Object.values(operation.responses)) {
    if (response && !('$ref' in response)) response.description ||= 'Done';
  }
  giveExample(operation);
  giveAnswer(operation, schemas);
  const rules = takeLimits(operation);
  const errors = new ErrorsOfSurface(operation[X_SURFACE] ?? 'trunkline');
  schemas[errors.schema.name] = errors.schema.schema;
  for (const [status, { name, response }] of errorsOf(method, operation, rules, errors)) {
    responses[name] = response;
    operation.responses[status] = ref('responses', name);
  }
}

const JSON_TYPE = 'application/json';

/** Describes the options of `@Takes` next to the body. */
function takeLimits(operation: Operation): BodyRules {
  const { [X_TAKES]: said, [X_ACCESS]: access, requestBody } = operation;
  delete operation[X_TAKES];
  const rules = bodyRules(said, access?.public);
  if (requestBody && !('$ref' in requestBody) && !rules.streams) {
    requestBody.description = `${rules.atMost} at most.`;
    // The framework takes every body for JSON.
    const { [JSON_TYPE]: media, ...others } = requestBody.content;
    if (media && !rules.types.has(JSON_TYPE))
      requestBody.content = { ...others, ...Object.fromEntries([...rules.types].map((type) => [type, media])) };
  }
  return rules;
}

function giveExample(operation: Operation): void {
  const content = (operation.requestBody as { content: Record<string, { schema: Sketch }> } | undefined)?.content ?? {};
  for (const media of Object.values(content)) {
    const example = exampleOf(media.schema);
    if (example !== undefined) Object.assign(media, { example });
  }
}

/** Replaces the framework's empty answer with the answer from `@Answers`. */
function giveAnswer(operation: Operation, schemas: Schemas): void {
  const { [X_ANSWER]: answer } = operation;
  if (!answer) return;
  delete operation[X_ANSWER];
  const status = Object.keys(operation.responses).find((one) => one.startsWith('2'))!;
  const example = exampleOf(answer.schema as Sketch);
  const media = { schema: withReferences(answer.schema, schemas), ...(example === undefined ? {} : { example }) };
  for (const one of [status, ...(answer.also ? [String(answer.also)] : [])]) {
    operation.responses[one] = {
      description: 'Done',
      ...(answer.headers ? { headers: headersOf(answer.headers) as never } : {}),
      content: { [answer.type ?? 'application/json']: media as never },
    };
  }
}

function headersOf(headers: NonNullable<AnswerOfRoute['headers']>) {
  const entries = Object.entries(headers).map(([name, schema]) => [name, { schema: withReferences(schema, {}) }]);
  return Object.fromEntries(entries);
}

function whoMay({ role, scopes, agents }: NonNullable<Operation[typeof X_ACCESS]>): string {
  const callers = [
    ...(role ? [`users with the role ${role} or a stronger one`] : []),
    ...(scopes ? [`API keys with the scope ${scopes.join(' or ')}`] : []),
    ...(agents ? ['phones'] : []),
  ];
  return `For ${callers.length > 0 ? callers.join('; ') : 'everybody'}.`;
}

function errorsOf(
  method: string,
  operation: Operation,
  rules: BodyRules,
  errors: ErrorsOfSurface,
): [status: string, DocumentedError][] {
  const body = operation.requestBody as { content: Record<string, { schema: Sketch }> } | undefined;
  const parameters = (operation.parameters ?? []) as { in?: string }[];
  // A public route with a body looks for credentials in the body.
  const asksWho = operation.security?.length !== 0 || body !== undefined;
  const names = body ? namesIn(Object.values(body.content)[0]!.schema) : [];
  const namesOther =
    parameters.some((one) => one.in === 'path') ||
    names.some((name) => /^(template|agent|request)_id$|^route$/.test(name));
  const statuses: DocumentedStatus[] = [
    ...(body || parameters.some((one) => one.in === 'query') ? ([400] as const) : []),
    ...(asksWho ? ([401, 403] as const) : []),
    ...(namesOther ? ([404] as const) : []),
    ...(method === 'get' ? [] : ([409] as const)),
    // A client that sends a file too slowly is disconnected without an answer.
    ...(body && !rules.streams ? ([408] as const) : []),
    ...(body ? ([413] as const) : []),
    ...(asksWho ? ([429] as const) : []),
    'default',
  ];
  return [
    ...statuses.map((status): [string, DocumentedError] => [String(status), errors.of(status)]),
    ...(method === 'get' ? [] : errors.own()),
    ...(body ? [['415', errors.wrongKind(rules)] as [string, DocumentedError]] : []),
  ];
}

function namesIn({ properties = {}, items, anyOf = [] }: Sketch): string[] {
  const inner = [...Object.values(properties), ...(items ? [items] : []), ...anyOf];
  return [...Object.keys(properties), ...inner.flatMap(namesIn)];
}

function ref(kind: 'parameters' | 'responses' | 'schemas', name: string) {
  return { $ref: `#/components/${kind}/${name}` };
}

const X_TENANT = {
  name: 'X-Tenant',
  in: 'header' as const,
  required: false,
  description: 'The slug of the tenant that a platform administrator works in. Default: their own tenant.',
  schema: { type: 'string' as const },
};
