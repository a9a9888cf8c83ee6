import type { FastifyInstance } from 'fastify';
import { invalidField } from '../errors.js';
import { sendError } from './error.filter.js';
import { isUtf8Encoded } from './utf8.js';

/** Refuses query strings that aren't UTF-8; the router does so of paths. */
export function refuseOtherEncodings(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const start = request.url.indexOf('?');
    if (start === -1 || isUtf8Encoded(request.url.slice(start + 1))) return done();
    const pair = request.url
      .slice(start + 1)
      .split('&')
      .find((one) => !isUtf8Encoded(one))!;
    const [name = ''] = pair.split('=', 1);
    const field = isUtf8Encoded(name) ? name : '';
    sendError(invalidField(field, 'is not percent-encoded UTF-8: é is %C3%A9 and not %E9'), request, reply);
  });
}
