import type { Access } from '../../src/auth/allow.js';
import type { Api } from './api.js';

export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  anyOf?: Schema[];
}
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

/** One route, as the OpenAPI document describes it. */
export interface Operation {
  /** `GET /templates/{id}` */
  name: string;
  method: string;
  path: string;
  access: Access;
  parameters: Parameter[];
  body: Schema | undefined;
  bodyRequired: boolean;
  raw: any;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** A stream's answer doesn't end by itself; its own tests read it. */
const isStream = ({ raw }: Operation): boolean => raw.responses['200']?.content?.['text/event-stream'] !== undefined;

/** The routes that answer at once. */
export async function readCalls(api: Api): Promise<Operation[]> {
  return (await readOperations(api)).filter((operation) => !isStream(operation));
}

/** Every route of the gateway's own document, so that tests over them cover new routes automatically. */
export async function readOperations(api: Api): Promise<Operation[]> {
  const { body: document } = await api.get('/schema/openapi.json');
  const resolve = (part: Parameter | { $ref: string }): Parameter =>
    '$ref' in part ? document.components.parameters[part.$ref.split('/').at(-1)!] : part;
  return Object.entries<Record<string, never>>(document.paths).flatMap(([path, item]) =>
    Object.entries<Record<string, never>>(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, raw]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        access: raw['x-access'] ?? {},
        parameters: ((raw['parameters'] ?? []) as Parameter[]).map(resolve),
        body: (raw['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)?.content[
          'application/json'
        ]?.schema,
        bodyRequired: (raw['requestBody'] as { required?: boolean } | undefined)?.required ?? false,
        raw,
      })),
  );
}
