import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/**
 * Browsers and HTTP clients open connections to spare. Node takes one that has never asked for anything for a busy one, and a
 * stopping server would wait for its time-out (a minute): these are closed at once.
 */
export function closeSpareConnections(fastify: FastifyInstance): void {
  const spare = new Set<Socket>();
  let closing = false;
  fastify.server.on('connection', (socket) => {
    if (closing) return void socket.destroy();
    spare.add(socket);
    socket.once('close', () => spare.delete(socket));
  });
  fastify.server.on('request', (request) => spare.delete(request.socket));
  fastify.addHook('preClose', (done) => {
    closing = true;
    for (const socket of spare) socket.destroy();
    done();
  });
}
