import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { VERSION } from '../version.js';
import { completeOperations } from './api-operations.js';
import { TAGS } from './api-tags.js';

const REDOC_SCRIPT = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="icon.svg"><title>Trunkline API</title></head>
  <body style="margin:0"><redoc spec-url="openapi.json"></redoc><script src="redoc.standalone.js"></script></body>
</html>`;

const FOLDER = 'schema';
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14532d"/>' +
  '<path d="M7 8h18v12H15l-5 5v-5H7z" fill="#fff"/></svg>';

/** `/schema/openapi.json`, `/schema/swagger-ui` and `/schema/ReDoc`, all served from the package. */
export function useApiDocs(app: NestFastifyApplication, publicUrl: string | null): void {
  const fastify = app.getHttpAdapter().getInstance();
  // This includes the files of the pages, whose routes the library defines.
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(`/${FOLDER}/`)) route.config = { ...route.config, surface: 'documentation' };
  });
  withoutLastSlash(fastify);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trunkline')
    .setDescription(
      'A self-hosted, multi-tenant SMS gateway. Every route answers with and without the BASE_PATH prefix.',
    )
    .setVersion(VERSION)
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /auth/login' },
      'user',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'From POST /agent/register' }, 'agent')
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'A user name and password, or an API key’s id and secret' },
      'password',
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A client application' }, 'api_key');
  for (const [name, about] of TAGS) builder.addTag(name, about);
  const description = builder.build();
  SwaggerModule.setup(
    `${FOLDER}/swagger-ui`,
    app,
    () => completeOperations(SwaggerModule.createDocument(app, description)),
    {
      jsonDocumentUrl: `${FOLDER}/openapi.json`,
      customSiteTitle: 'Trunkline API',
      customfavIcon: 'icon.svg',
      patchDocumentOnRequest: (request, _reply, document) => ({
        ...document,
        servers: serversOf(request as FastifyRequest, publicUrl),
      }),
    },
  );
  fastify.get(`/${FOLDER}/icon.svg`, (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'max-age=86400').send(ICON),
  );
  fastify.get(`/${FOLDER}/ReDoc`, (_request, reply) => reply.type('text/html').send(REDOC_PAGE));
  fastify.get(`/${FOLDER}/redoc.standalone.js`, (_request, reply) =>
    reply.type('text/javascript').header('cache-control', 'max-age=86400').send(redocScript()),
  );
}

/** It would load its maker's logo from elsewhere, which our headers forbid: browsers would report it. */
function redocScript(): string {
  return (redoc ??= readFileSync(REDOC_SCRIPT, 'utf8').replace('https://cdn.redoc.ly/redoc/logo-mini.svg', 'icon.svg'));
}
let redoc: string | undefined;

/** Where to send calls: PUBLIC_URL, or the address and the prefix at which the document was asked for. */
function serversOf({ protocol, host, originalUrl }: FastifyRequest, publicUrl: string | null) {
  const asked = `${protocol}://${host}${originalUrl.slice(0, originalUrl.indexOf(`/${FOLDER}/`))}`;
  // Relative to the document: it also holds below the prefix of a proxy that takes the prefix away.
  return [{ url: publicUrl ?? asked }, { url: '..', description: 'Where this page is' }];
}

/** What the pages load is relative to their address, so they have one each. */
function withoutLastSlash(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const [, page] = /^\/schema\/(swagger-ui|ReDoc)\/(?:\?|$)/.exec(request.url) ?? [];
    if (!page) return done();
    void reply.redirect(`../${page}`, 301);
  });
}
