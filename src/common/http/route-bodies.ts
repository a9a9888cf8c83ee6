import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { wrongKindOfBody } from './body-errors.js';
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
    const type = request.headers['content-type'];
    if (type === undefined && rules.untyped !== undefined && bringsBody(request))
      request.raw.headers['content-type'] = rules.untyped;
    if (type === undefined || rules.types.has(type) || isTaken(mediaType(type), rules)) done(null, payload);
    else done(wrongKindOfBody(rules));
  };
}

function isTaken(type: string, { types, otherTypes }: BodyRules): boolean {
  return types.has(type) || otherTypes.has(type);
}

function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
