import type { OpenAPIObject } from '@nestjs/swagger';
import { X_ANSWER, type AnswerOfRoute } from './answers.js';
import { exampleOf, withReferences, type Sketch } from './api-examples.js';

/** Where the document says who may call an operation; `@Allow` puts it there. */
export const X_ACCESS = 'x-access';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  [X_ACCESS]?: { role?: string; scopes?: readonly string[]; agents?: true; public?: true };
  [X_ANSWER]?: AnswerOfRoute;
};
type Schemas = Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** What is the same for every route is said here, not on each handler: who may call it, the tenant, answers and errors. */
export function completeOperations(document: OpenAPIObject): OpenAPIObject {
  const schemas: Schemas = { ...document.components?.schemas, Error: ERROR };
  document.components = {
    ...document.components,
    schemas: schemas as never,
    responses: Object.fromEntries(Object.values(ERRORS).map(({ name, response }) => [name, response])),
    parameters: { 'X-Tenant': X_TENANT },
  };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as Operation | undefined;
      if (operation) complete(method, operation, schemas);
    }
  }
  return document;
}

function complete(method: string, operation: Operation, schemas: Schemas): void {
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
  for (const status of errorsOf(method, operation)) operation.responses[status] = ref('responses', ERRORS[status].name);
}

function giveExample(operation: Operation): void {
  const content = (operation.requestBody as { content: Record<string, { schema: Sketch }> } | undefined)?.content ?? {};
  for (const media of Object.values(content)) {
    const example = exampleOf(media.schema);
    if (example !== undefined) Object.assign(media, { example });
  }
}

/** What `@Answers` says goes where the framework has put an empty answer. */
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
      content: { [answer.type ?? 'application/json']: media as never },
    };
  }
}

function whoMay({ role, scopes, agents }: NonNullable<Operation[typeof X_ACCESS]>): string {
  const callers = [
    ...(role ? [`users with the role ${role} or a stronger one`] : []),
    ...(scopes ? [`API keys with the scope ${scopes.join(' or ')}`] : []),
    ...(agents ? ['phones'] : []),
  ];
  return `For ${callers.length > 0 ? callers.join('; ') : 'everybody'}.`;
}

function errorsOf(method: string, operation: Operation): (keyof typeof ERRORS)[] {
  const body = operation.requestBody as { content: Record<string, { schema: Sketch }> } | undefined;
  const parameters = (operation.parameters ?? []) as { in?: string }[];
  // A public route that takes a body looks for credentials in it.
  const asksWho = operation.security?.length !== 0 || body !== undefined;
  const names = body ? namesIn(Object.values(body.content)[0]!.schema) : [];
  const namesOther =
    parameters.some((one) => one.in === 'path') ||
    names.some((name) => /^(template|agent|request)_id$|^route$/.test(name));
  return [
    ...(body || parameters.some((one) => one.in === 'query') ? ([400] as const) : []),
    ...(asksWho ? ([401, 403] as const) : []),
    ...(namesOther ? ([404] as const) : []),
    ...(method === 'get' ? [] : ([409] as const)),
    ...(body ? ([413, 415] as const) : []),
    ...(asksWho ? ([429] as const) : []),
    'default',
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
  description: 'The slug of the tenant that a platform administrator works in; their own without it.',
  schema: { type: 'string' as const },
};

const ERROR = {
  type: 'object',
  required: ['success', 'error', 'code', 'message', 'details', 'request_id'],
  additionalProperties: false,
  properties: {
    success: { const: false },
    error: { type: 'integer', description: 'The HTTP status.' },
    code: { type: 'string', description: 'Stable; for programs.' },
    message: { type: 'string', description: 'For people: what is wrong and what to do.' },
    details: {
      type: 'array',
      description: 'Every field that is wrong, at most 100.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string', description: 'As in the header X-Request-Id and in the log.' },
  },
};

const ERRORS = {
  400: refusal(400, 'Invalid', 'invalid_request', 'name: is required', [{ field: 'name', message: 'is required' }]),
  401: refusal(
    401,
    'Unauthenticated',
    'unauthenticated',
    'Send credentials: Authorization: Bearer <token>, Basic, or X-API-Key.',
  ),
  403: refusal(403, 'Forbidden', 'forbidden', 'This needs the role admin; yours is viewer.'),
  404: refusal(
    404,
    'NotFound',
    'template_not_found',
    'Template tpl_01jd2m0q8nfgt1vwzzk4x6s5ah does not exist. Check the id.',
  ),
  409: refusal(409, 'Conflict', 'not_cancelable', 'The message can not be canceled: it is SENT.'),
  413: refusal(
    413,
    'TooLarge',
    'body_too_large',
    'The body is larger than this route takes. Send it in several requests.',
  ),
  415: refusal(415, 'NotJson', 'unsupported_media_type', 'Send the body as application/json.'),
  429: refusal(429, 'TooMany', 'throttled', 'Too many calls. Wait as long as Retry-After says and try again.'),
  default: refusal(
    500,
    'Other',
    'internal_error',
    'Something went wrong on our side. Try again; tell the operator the request_id if it stays.',
  ),
};

function refusal(status: number, name: string, code: string, message: string, details: object[] = []) {
  const example = {
    success: false,
    error: status,
    code,
    message,
    details,
    request_id: '0d9cf20e-98a9-4b1f-a6cf-8a6b2a9d5b1c',
  };
  const content = { 'application/json': { schema: ref('schemas', 'Error'), example } };
  return { name, response: { description: `${code}, for one: ${message}`, content } };
}
