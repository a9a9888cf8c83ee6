const text = { type: 'string', minLength: 1 };
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const mapOf = (part: object) => ({ type: 'object', additionalProperties: part });
const either = (name: string) => ({ anyOf: [ref('reference'), ref(name)] });
/** An object with these fields and no others but extensions. */
const only = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  patternProperties: { '^x-': true },
  additionalProperties: false,
});

/** The structure of an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1), as far as our documents use it. */
export const OPEN_API_31 = {
  ...only(
    {
      openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
      info: only({ title: text, version: text, summary: text, description: text, contact: mapOf(text) }, [
        'title',
        'version',
      ]),
      servers: { type: 'array', items: only({ url: text, description: text }, ['url']) },
      tags: { type: 'array', items: only({ name: text, description: text }, ['name']) },
      security: ref('security'),
      paths: { type: 'object', patternProperties: { '^/': ref('pathItem') }, additionalProperties: false },
      components: only({
        schemas: mapOf(ref('schema')),
        responses: mapOf(either('response')),
        parameters: mapOf(either('parameter')),
        securitySchemes: mapOf(ref('securityScheme')),
      }),
    },
    ['openapi', 'info', 'paths'],
  ),
  $defs: {
    reference: {
      type: 'object',
      properties: { $ref: { type: 'string', pattern: '^#/' } },
      required: ['$ref'],
      maxProperties: 1,
    },
    pathItem: only(
      Object.fromEntries(
        ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'].map((one) => [one, ref('operation')]),
      ),
    ),
    operation: only(
      {
        operationId: text,
        summary: text,
        description: text,
        tags: { type: 'array', items: text },
        parameters: { type: 'array', items: either('parameter') },
        requestBody: only({ required: { type: 'boolean' }, description: text, content: ref('content') }, ['content']),
        responses: {
          type: 'object',
          minProperties: 1,
          patternProperties: { '^([1-5]\\d\\d|default)$': either('response') },
          additionalProperties: false,
        },
        security: ref('security'),
        deprecated: { type: 'boolean' },
      },
      ['responses'],
    ),
    parameter: {
      ...only(
        {
          name: text,
          in: { enum: ['path', 'query', 'header', 'cookie'] },
          required: { type: 'boolean' },
          description: { type: 'string' },
          schema: ref('schema'),
        },
        ['name', 'in', 'schema'],
      ),
      anyOf: [
        { properties: { in: { enum: ['query', 'header', 'cookie'] } } },
        { properties: { required: { const: true } }, required: ['required'] },
      ],
    },
    response: only({ description: text, headers: { type: 'object' }, content: ref('content') }, ['description']),
    content: { ...mapOf(only({ schema: ref('schema'), example: {} })), minProperties: 1 },
    // A schema is JSON Schema 2020-12.
    schema: { $ref: 'https://json-schema.org/draft/2020-12/schema' },
    security: { type: 'array', items: mapOf({ type: 'array', items: text }) },
    securityScheme: {
      ...only(
        {
          type: { enum: ['http', 'apiKey'] },
          description: text,
          scheme: text,
          bearerFormat: text,
          in: { enum: ['header', 'query', 'cookie'] },
          name: text,
        },
        ['type'],
      ),
      anyOf: [
        { properties: { type: { const: 'http' } }, required: ['scheme'] },
        { properties: { type: { const: 'apiKey' } }, required: ['in', 'name'] },
      ],
    },
  },
};
