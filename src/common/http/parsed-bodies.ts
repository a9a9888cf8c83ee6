import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_KINDS, bodyKind, type BodyKind } from './body-kinds.js';
import { LARGE_BYTES, LargeBodies } from './large-bodies.js';
import { bodyRulesOf } from './route-bodies.js';

/** Reads and parses complete bodies as their route takes them; removes the framework's own parsers. */
export function useParsedBodies(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  const large = new LargeBodies(fastify);
  const kinds = Object.values<BodyKind>(BODY_KINDS).filter(({ parse }) => parse);
  for (const type of new Set(kinds.flatMap(({ types }) => types))) {
    const ofType = kinds.filter(({ types }) => types.includes(type));
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
      const read = (): void => {
        try {
          done(null, kindOf(request, ofType).parse!(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      };
      if (body.length <= LARGE_BYTES) read();
      else large.takeTurn(request, read, done);
    });
  }
}

/** Several kinds may have the same media type: a callback's JSON stays text. */
function kindOf(request: FastifyRequest, ofType: readonly BodyKind[]): BodyKind {
  if (ofType.length === 1) return ofType[0]!;
  const taken = bodyRulesOf(request).kinds.map(bodyKind);
  return ofType.find((kind) => taken.includes(kind)) ?? ofType[0]!;
}
