import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { stopping } from '../errors.js';
import { sendError } from './error.filter.js';

const AGAIN_MILLIS = 50;

/**
 * A stopping server waits until every connection is closed, up to a minute and more for what its clients keep to spare. Node closes
 * by itself only those that are idle at that moment after an answer. Here also those that never asked for anything, at once, and
 * those whose running request is answered from then on; who asks on one of them again is told to go elsewhere.
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
