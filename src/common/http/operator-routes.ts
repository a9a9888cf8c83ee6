import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../../config/load-config.js';
import { addressesIn } from '../../config/networks.js';
import { forbidden, unauthenticated, type ApiError } from '../errors.js';
import { sameSecret } from '../secrets.js';
import { sendError } from './error.filter.js';
import { surfaceOf } from './surfaces.js';

/**
 * Access to metrics and documentation. They are open in development and closed in production, until METRICS_TOKEN (a bearer token) or
 * METRICS_ALLOW (addresses, as far as TRUST_PROXY reveals them) is set. Then either is enough, and development requires one of them, too.
 */
export function guardOperatorRoutes(fastify: FastifyInstance, config: Config): void {
  const { METRICS_TOKEN: token, METRICS_ALLOW: allow } = config;
  if (config.areOperatorRoutesOpen) return;
  const isAllowed = addressesIn(allow);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!surfaceOf(request).isForOperators) return done();
    if (isAllowed(request.ip) || (token && sameSecret(bearerOf(request), token))) return done();
    sendError(refusal(token, allow), request, reply);
  });
}

/** What a caller without a way is told besides. */
export function whereToLook({ areOperatorRoutesOpen, publicUrl }: Config): string {
  if (!areOperatorRoutesOpen) return 'Check the path.';
  const prefix = publicUrl ? new URL(publicUrl).pathname.replace(/\/$/, '') : '';
  return `See ${prefix}/schema/swagger-ui.`;
}

function refusal(token: string | undefined, allow: string): ApiError {
  if (token) return unauthenticated('Send Authorization: Bearer with the METRICS_TOKEN of the configuration.');
  if (allow) return forbidden('METRICS_ALLOW does not contain your address; behind a proxy, TRUST_PROXY must be set.');
  return forbidden('This is closed in production. Set METRICS_TOKEN or METRICS_ALLOW to open it.');
}

function bearerOf({ headers }: FastifyRequest): string {
  return /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim() ?? '';
}
