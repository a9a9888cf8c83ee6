import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { invalidField } from '../errors.js';
import { sendError } from './error.filter.js';

/** What a browser needs to be told of an answer that is data. Written out: helmet builds its headers anew for each answer, a tenth of a small call. */
const DATA_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const PAGE_HEADERS = {
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
} as const;

/** Security headers (helmet's on pages), the request's id on every answer, and no NUL in a path or query. */
export async function useSafeHeaders(fastify: FastifyInstance): Promise<void> {
  await fastify.register(helmet, { global: false, ...PAGE_HEADERS });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (/%00|\0/.test(request.url)) {
      void reply.headers(DATA_HEADERS);
      return sendError(invalidField('url', 'must not contain the character NUL'), request, reply);
    }
    if (isPage(request.routeOptions.url)) void reply.helmet();
    else void reply.headers(DATA_HEADERS);
    done();
  });
}

function isPage(route: string | undefined): boolean {
  return route?.startsWith('/schema/') ?? false;
}
