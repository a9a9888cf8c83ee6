import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { invalidField } from '../errors.js';
import { sendError } from './error.filter.js';

/** Security headers, the request's id on every answer, and no NUL in a path or query. */
export async function useSafeHeaders(fastify: FastifyInstance): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Swagger UI and ReDoc start from inline code and draw with inline styles; both are served from our own package.
        scriptSrc: ["'self'", "'unsafe-inline'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        upgradeInsecureRequests: null,
      },
    },
    hsts: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (!/%00|\0/.test(request.url)) return done();
    sendError(invalidField('url', 'must not contain the character NUL'), request, reply);
  });
}
