import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { completeOperations } from './api-operations.js';

const REDOC_SCRIPT = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Trunkline API</title></head>
  <body style="margin:0"><redoc spec-url="openapi.json"></redoc><script src="redoc.standalone.js"></script></body>
</html>`;

const FOLDER = 'schema';

/** `/schema/openapi.json`, `/schema/swagger-ui` and `/schema/ReDoc`, all served from the package. */
export function useApiDocs(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  // This includes the files of the pages, whose routes the library defines.
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(`/${FOLDER}/`)) route.config = { ...route.config, surface: 'documentation' };
  });
  withoutLastSlash(fastify);
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trunkline')
    .setDescription(
      'A self-hosted, multi-tenant SMS gateway. Every route answers with and without the BASE_PATH prefix.',
    )
    .setVersion('1')
    // Relative to the document, so that it also works under the prefix of a proxy.
    .addServer('..')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /auth/login' },
      'user',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'From POST /agent/register' }, 'agent')
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'A user name and password, or an API key’s id and secret' },
      'password',
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A client application' }, 'api_key')
    .build();
  SwaggerModule.setup(
    `${FOLDER}/swagger-ui`,
    app,
    () => completeOperations(SwaggerModule.createDocument(app, description)),
    {
      jsonDocumentUrl: `${FOLDER}/openapi.json`,
      customSiteTitle: 'Trunkline API',
    },
  );
  fastify.get(`/${FOLDER}/ReDoc`, (_request, reply) => reply.type('text/html').send(REDOC_PAGE));
  fastify.get(`/${FOLDER}/redoc.standalone.js`, (_request, reply) =>
    reply.type('text/javascript').header('cache-control', 'max-age=86400').send(createReadStream(REDOC_SCRIPT)),
  );
}

/** What the pages load is relative to their address, so they have one each. */
function withoutLastSlash(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const [, page] = /^\/schema\/(swagger-ui|ReDoc)\/(?:\?|$)/.exec(request.url) ?? [];
    if (!page) return done();
    void reply.redirect(`../${page}`, 301);
  });
}
