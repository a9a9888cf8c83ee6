import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/load-config.js';
import { ApiError } from '../errors.js';
import { sendError } from './error.filter.js';
import { surfaceOf } from './surfaces.js';

/** With `ROLE=worker` a gateway answers only health and metrics, and no other calls. */
export function answerOnlyOperators(fastify: FastifyInstance, { ROLE }: Config): void {
  if (ROLE !== 'worker') return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (surfaceOf(request).isInBackground) return done();
    sendError(elsewhere(), request, reply);
  });
}

function elsewhere(): ApiError {
  return new ApiError(
    503,
    'worker_only',
    'This gateway only does background work (ROLE=worker). Send calls to a gateway with ROLE=api or all.',
  );
}
