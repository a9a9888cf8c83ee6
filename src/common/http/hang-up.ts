import type { FastifyReply } from 'fastify';

/** Aborts when the connection is closed before the answer was written. */
export function hangUp(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
