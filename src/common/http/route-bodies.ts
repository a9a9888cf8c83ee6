import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { compressedBody, otherCharset, wrongKindOfBody } from './body-errors.js';
import type { ApiError } from '../errors.js';
import { bodyRules, USUAL_RULES, type BodyRules, type Takes } from './route-takes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** From `@Takes`. */
    takes?: Partial<Takes>;
    /** From `@Allow` and `@Public`: anybody may call. */
    isPublic?: boolean;
    /** The result of both, for every route that takes bodies. */
    bodyRules?: BodyRules;
  }
}

const BODYLESS = new Set(['GET', 'HEAD']);

/** Limits the bodies of every route by its own options. Must be called before the first route is registered. */
export function useRouteBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { takes, isPublic } = route.config ?? {};
    if (BODYLESS.has(String(route.method))) {
      if (takes) throw new Error(`${String(route.method)} ${route.url} takes no body: remove its @Takes.`);
      return;
    }
    const rules = bodyRules(takes, isPublic);
    route.config = { ...route.config, bodyRules: rules };
    route.bodyLimit = rules.bytes;
    route.preParsing = [route.preParsing ?? [], refuseOthers(rules)].flat();
  });
}

export function bodyRulesOf(request: FastifyRequest): BodyRules {
  return request.routeOptions.config.bodyRules ?? USUAL_RULES;
}

/** Whether the call has a body that will be read. */
export function bringsBody({ method, headers }: FastifyRequest): boolean {
  if (BODYLESS.has(method)) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A body without a content type is refused when it is parsed, because an action may have no body at all. */
function refuseOthers(rules: BodyRules): preParsingHookHandler {
  return (request, _reply, payload, done) => {
    if (request.headers['content-type'] === undefined && rules.untyped !== undefined && bringsBody(request))
      request.raw.headers['content-type'] = rules.untyped;
    const problem = problemOf(request, rules);
    if (problem) done(problem);
    else done(null, payload);
  };
}

function problemOf(request: FastifyRequest, rules: BodyRules): ApiError | undefined {
  const { 'content-encoding': encoding, 'content-type': type } = request.headers;
  if (encoding && !/^identity$/i.test(encoding) && bringsBody(request)) return compressedBody(shortened(encoding));
  if (type === undefined || rules.types.has(type)) return undefined;
  const [media, ...parameters] = type.split(';');
  if (!isTaken(media!.trim().toLowerCase(), rules)) return wrongKindOfBody(rules);
  const charset = rules.anyEncoding ? undefined : charsetOf(parameters);
  return charset === undefined || UTF_8.test(charset) ? undefined : otherCharset(shortened(charset));
}

function isTaken(media: string, { types, otherTypes }: BodyRules): boolean {
  return types.has(media) || otherTypes.has(media);
}

/** Of which every text is UTF-8, too. */
const UTF_8 = /^(?:utf-?8|(?:us-)?ascii)$/i;

function charsetOf(parameters: readonly string[]): string | undefined {
  for (const parameter of parameters) {
    const [, charset] = /^\s*charset\s*=\s*"?([^"\s]+)/i.exec(parameter) ?? [];
    if (charset !== undefined) return charset;
  }
  return undefined;
}

function shortened(header: string): string {
  return header.slice(0, 40);
}
