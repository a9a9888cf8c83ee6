import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LogController, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/load-config.js';
import { readTrustProxy } from '../../config/networks.js';
import { joinSlashes, stripApi, stripBasePath, stripLastSlash } from './base-path.js';
import { answerBrokenHttp } from './broken-http.js';
import { sendError } from './error.filter.js';
import { requestId } from './request-id.js';
import { USUAL_RULES } from './route-takes.js';

export function createHttpAdapter(config: Config, logger: Logger): FastifyAdapter {
  const options = {
    loggerInstance: logger,
    // A child logger for each request would search its id for secrets; code that logs for a request adds `reqId` itself.
    childLoggerFactory: (parent: Logger) => parent,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: USUAL_RULES.bytes,
    trustProxy: readTrustProxy(config.TRUST_PROXY) ?? false,
    genReqId: requestId,
    // The source system of /sessions had its routes under /proxypoc.
    rewriteUrl: ({ url = '/' }: { url?: string }) =>
      stripLastSlash(stripApi(stripBasePath(stripBasePath(joinSlashes(url), config.BASE_PATH), '/proxypoc'))),
    // The longest is a session's unique name.
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: sendError,
    clientErrorHandler: answerBrokenHttp,
    forceCloseConnections: 'idle',
    // Fastify's own answer has another shape; see spare-connections.
    return503OnClosing: false,
  } as unknown as ConstructorParameters<typeof FastifyAdapter>[0];
  return new FastifyAdapter(options) as FastifyAdapter;
}

/**
 * One line per answer, with the route's pattern instead of its URL: query strings contain phone numbers. It has no field that could contain
 * a secret, so `answers` needn't search for one, which costs more than the line itself.
 */
export function logAnswers(fastify: FastifyInstance, answers: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    answers.info(
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        principal: (request as { principal?: { id: string } }).principal?.id,
      },
      'answered',
    );
    done();
  });
}
