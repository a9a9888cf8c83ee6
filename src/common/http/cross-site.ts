import type { FastifyInstance, FastifyRequest } from 'fastify';
import { forbidden } from '../errors.js';
import { sendError } from './error.filter.js';
import { sessionToken } from './session-cookie.js';
import { surfaceName } from './surfaces.js';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * A browser sends the password that it was given for our pages, or the cookie of who has logged in, along with whatever another site makes
 * it call; so what comes with one of them from a page must come from a page of ours. So must a login on our page, which would be somebody
 * else's. Tokens and keys are never sent by a browser itself, and programs name no page.
 */
export function refuseOtherSites(fastify: FastifyInstance, publicUrl: string | null): void {
  const ours = publicUrl ? new URL(publicUrl).host : null;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (READS.includes(request.method) || !isSentByItself(request) || isFromOurPage(request, ours)) return done();
    const message = 'A page of another site may not do this in your name. If it is a page of ours, set PUBLIC_URL.';
    return sendError(forbidden(message), request, reply);
  });
}

function isSentByItself(request: FastifyRequest): boolean {
  const isBasic = /^basic /i.test(request.headers.authorization ?? '');
  return isBasic || sessionToken(request) !== null || surfaceName(request) === 'page';
}

function isFromOurPage({ headers, host }: FastifyRequest, ours: string | null): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: typed by the user. Old browsers, and all of them over plain http, tell only the origin.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (origin === undefined) return true;
  const from = URL.canParse(origin) ? new URL(origin).host : null;
  return from !== null && (from === host || from === ours);
}
