import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { pipeline, Transform } from 'node:stream';
import { ApiError } from '../common/errors.js';
import { RouteAccess } from './route-access.js';

/** A login or a registration has some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** What anybody may send without saying who they are is kept small. */
@Injectable()
export class PublicBodies {
  constructor(private readonly routes: RouteAccess) {}

  bound(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, _reply, payload, done) => {
      if (request.method === 'GET' || !this.routes.of(request.method, request.routeOptions.url)?.access.public)
        return done(null, payload);
      const length = request.headers['content-length'];
      if (length === undefined)
        return done(
          null,
          pipeline(payload, atMost(MOST_BYTES), () => undefined),
        );
      return Number(length) > MOST_BYTES ? done(tooLarge()) : done(null, payload);
    });
  }
}

function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      seen += piece.length;
      if (seen > bytes) done(tooLarge());
      else done(null, piece);
    },
  });
}

function tooLarge(): ApiError {
  return new ApiError(413, 'body_too_large', 'The body is larger than this route takes.');
}
