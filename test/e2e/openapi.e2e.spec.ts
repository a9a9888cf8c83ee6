import { RequestMethod } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SURFACES, X_SURFACE, type SurfaceName, type SurfaceRules } from '../../src/common/http/surfaces.js';
import { includesRole, ROLES, SCOPES } from '../../src/auth/principal.js';
import type { Api } from '../support/api.js';
import { TestGateway } from '../support/gateway.js';
import { readOperations, type Operation } from '../support/open-api.js';
import { must } from '../support/people.js';
import { OPEN_API_31 } from '../support/open-api-schema.js';

// Started here and not in a hook: each route of its document becomes a test.
const gateway = await TestGateway.start();
const operations = await readOperations(gateway.api);
const { body: document } = await gateway.api.get('/schema/openapi.json');
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

interface Media {
  content?: Record<string, { schema: object; example?: unknown }>;
}
const strict = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
strict.addSchema({ $id: 'document', components: document.components });
const referring = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));

describe('the OpenAPI document', () => {
  afterAll(() => gateway.stop());

  it('has the structure of OpenAPI 3.1', () => {
    const validate = ajv.compile(OPEN_API_31);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
  });

  it('gives every operation an id of its own', () => {
    const ids = operations.map(({ raw }) => raw.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('points at nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to!);
    expect(references.length).toBeGreaterThan(0);
    for (const to of new Set(references)) {
      expect(to).toMatch(/^#\//);
      const steps = to.slice(2).split('/');
      const found = steps.reduce((at, key) => at?.[key], document);
      expect([to, typeof found]).toEqual([to, 'object']);
    }
  });

  it('tells of every route of every controller', () => {
    const told = operations.map(({ name }) => name.replaceAll(/\{([^}]+)\}/g, ':$1'));
    const controllers = gateway.get(DiscoveryService).getControllers();
    const routes = controllers.flatMap(({ metatype }) => routesOf(metatype as new () => object));
    expect(routes.length).toBeGreaterThan(20);
    expect(told.sort()).toEqual(routes.sort());
  });

  describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
    const { raw, access } = operation;

    it('says what it does, where it belongs and for whom', () => {
      expect(raw.summary).toMatch(/^[A-Z].{5,}[^.]$/);
      expect(raw.tags).toEqual([expect.stringMatching(/^[a-z]/)]);
      expect(raw.description).toMatch(/^For /);
      expect(raw.security).toEqual(securityOf(operation));
    });

    it('names only roles and scopes that there are', () => {
      const named = [access.role, access.agents, access.public].filter((one) => one !== undefined);
      expect(named.length + (access.scopes?.length ?? 0)).toBeGreaterThan(0);
      if (access.role) expect(ROLES).toContain(access.role);
      for (const scope of access.scopes ?? []) expect(SCOPES).toContain(scope);
    });

    it('documents its path parameters and its body', () => {
      const inPath = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const documented = operation.parameters.filter((one) => one.in === 'path');
      expect(documented.map(({ name }) => name)).toEqual(inPath);
      expect(documented.every(({ required }) => required)).toBe(true);
      const names = operation.parameters.map((one) => `${one.in} ${one.name.toLowerCase()}`);
      expect(new Set(names).size).toBe(names.length);
      if (operation.method === 'GET') expect(operation.body).toBeUndefined();
      if (operation.body) {
        const { type, items } = operation.body;
        const { type: kind, properties } = type === 'array' ? items! : operation.body;
        expect(kind).toBe('object');
        expect(Object.keys(properties ?? {}).length).toBeGreaterThan(0);
        expect(ajv.validateSchema(operation.body)).toBe(true);
      }
    });

    it('documents one success and its errors, in the one shape or in that of its surface', () => {
      const statuses = Object.keys(raw.responses);
      expect(statuses.filter((status) => status.startsWith('2')).length).toBeGreaterThan(0);
      expect(statuses).toContain('default');
      if (!access.public) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429']));
      if (operation.body) expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415']));
      if (operation.path.includes('{')) expect(statuses).toContain('404');
      for (const [status, response] of Object.entries<{ $ref: string }>(raw.responses)) {
        if (status.startsWith('2')) continue;
        const { content, description } = document.components.responses[response.$ref.split('/').at(-1)!];
        expect(description).toMatch(/\S/);
        const [{ schema, example }] = Object.values<any>(content) as [any];
        expect(schema).toEqual({ $ref: `#/components/schemas/${errorOf(operation)}` });
        if (status !== 'default' && errorOf(operation) === 'Error') expect(example.error).toBe(Number(status));
        expect(ajv.validate(document.components.schemas[errorOf(operation)], example)).toBe(true);
      }
    });
  });

  describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, { raw }) => {
    const success = Object.entries<Media>(raw.responses).filter(
      ([status]) => status.startsWith('2') && status !== '204',
    );

    it('shows an example of what it takes and of what it answers, each as its schema says', () => {
      const shown: [string, Media][] = [...(raw.requestBody ? [['body', raw.requestBody] as never] : []), ...success];
      for (const [where, { content }] of shown) {
        const [media] = Object.values(content ?? {});
        if (!media) throw new Error(`${where}: say what the route answers with @Answers`);
        if (media.example === undefined) throw new Error(`${where}: give it, or its texts, \`examples\` (Like)`);
        expect(media.schema).not.toEqual({ type: 'object' });
        const validate = strict.compile(referring(media.schema));
        expect(validate(media.example) ? [] : validate.errors).toEqual([]);
      }
    });
  });

  it.each(operations.filter(({ body }) => body).map((operation) => [operation.name, operation] as const))(
    '%s takes a body or none, as it says',
    async (_, operation) => {
      const { method, path, access, bodyRequired, raw } = operation;
      const admin = await gateway.admin();
      const api = access.role && includesRole('platform_admin', access.role) ? admin : await phoneFor(path);
      const { status, body } = await api.call(method, path.replaceAll(/\{[^}]+\}/g, 'nothing'));
      const told = status >= 400 && errorOf(operation) === 'Error' ? body.error : status;
      const success = Number(Object.keys(raw.responses).find((one) => one.startsWith('2')));
      const without = path.includes('{') ? 404 : success;
      const expected = bodyRequired ? 400 : without;
      expect([status, told]).toEqual([expected, expected]);
    },
  );
});

/** `GET /templates/:id` for each handler of a controller. */
function routesOf(controller: new () => object): string[] {
  const base = Reflect.getMetadata('path', controller) as string;
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler = (controller.prototype as Record<string, object>)[name]!;
    if (!Reflect.hasMetadata('method', handler)) return [];
    const parts = [base, Reflect.getMetadata('path', handler) as string].flatMap((path) => path.split('/'));
    return [`${RequestMethod[Reflect.getMetadata('method', handler) as number]} /${parts.filter(Boolean).join('/')}`];
  });
}

/** The name of the schema of an operation's errors. */
function errorOf({ raw }: Operation): string {
  const surface: SurfaceRules = SURFACES[(raw[X_SURFACE] ?? 'trunkline') as SurfaceName];
  return surface.errorSchema?.name ?? 'Error';
}

function securityOf({ access }: Operation): object[] {
  const ways = new Set([
    ...(access.role ? ['user', 'password'] : []),
    ...(access.scopes ? ['api_key', 'password'] : []),
    ...(access.agents ? ['agent'] : []),
  ]);
  return [...ways].sort(byOrder).map((way) => ({ [way]: [] }));
}

const ORDER = ['user', 'password', 'api_key', 'agent'];
function byOrder(a: string, b: string): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b);
}

/** A phone that was registered for the protocol of this path. */
async function phoneFor(path: string): Promise<Api> {
  const admin = await gateway.admin();
  if (path === '/cht') {
    const { username, password } = new URL(must(201, await admin.post('/admin/agents/cht', {})).url);
    return gateway.api.withBasic(username, password);
  }
  if (path.startsWith('/api/mobile/')) {
    const { code } = must(201, await admin.post('/admin/agents/registration-codes', {}));
    const registering = gateway.api.as({ authorization: `Code ${code}` });
    return gateway.api.withToken(must(201, await registering.post('/api/mobile/v1/device', {})).token);
  }
  const { agent_token } = must(201, await gateway.api.post('/agent/register', { device_id: `for ${path}` }));
  return gateway.api.withToken(agent_token);
}
