import type { FastifyInstance } from 'fastify';
import { BODY_KINDS, type BodyKind } from './body-kinds.js';
import { LARGE_BYTES, LargeBodies } from './large-bodies.js';

/** Reads and parses complete bodies according to their kinds; removes the framework's own parsers. */
export function useParsedBodies(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  const large = new LargeBodies(fastify);
  for (const { types, parse } of Object.values<BodyKind>(BODY_KINDS)) {
    if (!parse) continue;
    fastify.addContentTypeParser([...types], { parseAs: 'buffer' }, (request, body, done) => {
      const read = (): void => {
        try {
          done(null, parse(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      };
      if (body.length <= LARGE_BYTES) read();
      else large.takeTurn(request, read, done);
    });
  }
}
