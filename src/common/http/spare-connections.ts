import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { stopping } from '../errors.js';
import { sendError } from './error.filter.js';

const AGAIN_MILLIS = 50;

/**
 * A stopping server waits until every connection is closed, a minute or more if clients keep spare connections open. Node closes only
 * those that are idle after an answer at that moment. This code also closes, at once, connections that never sent a request, and
 * the others when their running request is answered; a further request on one of them gets a 503.
 */
export function closeSpareConnections(fastify: FastifyInstance): void {
  const spare = new Set<Socket>();
  let closing = false;
  fastify.server.on('connection', (socket) => {
    if (closing) return void socket.destroy();
    spare.add(socket);
    socket.once('close', () => spare.delete(socket));
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (closing) sendError(stopping(), request, reply);
    else done();
  });
  fastify.server.on('request', (request) => spare.delete(request.socket));
  fastify.addHook('preClose', (done) => {
    closing = true;
    for (const socket of spare) socket.destroy();
    const answered = setInterval(() => fastify.server.closeIdleConnections(), AGAIN_MILLIS).unref();
    fastify.server.once('close', () => clearInterval(answered));
    done();
  });
}
