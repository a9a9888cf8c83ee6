import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { wrongKindOfBody } from './body-errors.js';
import { bodyRules, USUAL_RULES, type BodyRules, type Takes } from './route-takes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Said by `@Takes`. */
    takes?: Partial<Takes>;
    /** Said by `@Allow`: anybody may call. */
    isPublic?: boolean;
    /** What comes of the two, for every route that takes bodies. */
    bodyRules?: BodyRules;
  }
}

const BODYLESS = new Set(['GET', 'HEAD']);

/** Bounds the bodies of every route as it says. Before any route is made. */
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

/** Whether there is, or will be, a body that somebody reads. */
export function bringsBody({ method, headers }: FastifyRequest): boolean {
  if (BODYLESS.has(method)) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A body that doesn't say its kind is refused where it is parsed: an action may come without any. */
function refuseOthers(rules: BodyRules): preParsingHookHandler {
  return (request, _reply, payload, done) => {
    const type = request.headers['content-type'];
    if (type === undefined || rules.types.has(type) || rules.types.has(mediaType(type))) done(null, payload);
    else done(wrongKindOfBody(rules));
  };
}

function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
