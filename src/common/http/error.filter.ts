import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, storeFailed } from '../errors.js';
import { StoreFailure } from '../store-failure.js';
import { bodyTooLarge, wrongKindOfBody } from './body-errors.js';
import type { KnownRoutes } from './known-routes.js';
import { bodyRulesOf } from './route-bodies.js';
import { asksForPage, rootFrom } from './page.js';
import type { BodyRules } from './route-takes.js';
import { surfaceOf, SURFACES, type SurfaceRules } from './surfaces.js';

/** Sends every error in the shape of its route's surface. Logs an unexpected error completely and answers with a plain 500. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  /** `whereToLook`: a sentence for callers of paths that there aren't. */
  constructor(
    private readonly routes: KnownRoutes,
    private readonly whereToLook = 'Check the path.',
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Our own 404s are ApiErrors, so this one comes from the router.
    const noRoute = exception instanceof HttpException && exception.getStatus() === 404;
    if (!noRoute) return sendError(exception, request, reply);
    sendError(this.noSuchRoute(request), request, reply, SURFACES[this.routes.surfaceOf(pathOf(request))]);
  }

  private noSuchRoute(request: FastifyRequest): ApiError {
    const methods = this.routes.methodsOf(pathOf(request));
    if (methods.length === 0)
      return new ApiError(404, 'route_not_found', `There is no such route. ${this.whereToLook}`);
    const allow = methods.join(', ');
    return new ApiError(405, 'method_not_allowed', `This path allows ${allow}.`, [], { allow });
  }
}

const ASKS_FOR_PASSWORD = { 'www-authenticate': 'Basic realm="Trunkline", charset="UTF-8"' };

function typeOf({ errorType }: SurfaceRules): Record<string, string> {
  return errorType ? { 'content-type': errorType } : {};
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0]!;
}

export function sendError(
  exception: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  surface: SurfaceRules = surfaceOf(request),
): void {
  const error = toApiError(exception, request);
  if (error.status >= 500 && !(exception instanceof ApiError))
    request.log.error({ reqId: request.id, err: exception }, 'unexpected error');
  if (reply.sent || reply.raw.headersSent) return;
  if (error.status === 401 && surface.sendsToLogin && request.method === 'GET' && asksForPage(request.headers.accept)) {
    void reply
      .status(303)
      .header('location', `${rootFrom(request)}login`)
      .send('');
    return;
  }
  const asking = error.status === 401 && surface.asksForPassword ? ASKS_FOR_PASSWORD : {};
  void reply
    .status(error.status)
    .headers({ 'x-request-id': request.id, ...error.headers, ...asking, ...typeOf(surface) })
    .send(surface.errorBody(error, request.id));
}

/** Errors for URLs that Fastify refuses before any route. */
const ADDRESS_ERRORS: Record<string, [status: number, code: string, message: string]> = {
  FST_ERR_BAD_URL: [400, 'invalid_url', 'The path is not percent-encoded UTF-8.'],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'route_not_found', 'The id in the path is too long. Check the path.'],
};

/** Errors for bodies that Fastify refuses; Nest passes on the status but not Fastify's code. */
const BODY_ERRORS: Record<number, (rules: BodyRules) => ApiError> = { 413: bodyTooLarge, 415: wrongKindOfBody };

function toApiError(exception: unknown, request: FastifyRequest): ApiError {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof StoreFailure) return storeFailed(exception);
  const { code, statusCode } = exception as { code?: string; statusCode?: number };
  const known = code ? ADDRESS_ERRORS[code] : undefined;
  if (known) return new ApiError(...known);
  if (exception instanceof HttpException) return fromHttp(exception.getStatus(), exception.message, request);
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return fromHttp(statusCode, (exception as Error).message, request);
  return new ApiError(
    500,
    'internal_error',
    'Something went wrong on our side. Try again; if it happens again, give the operator the request_id.',
  );
}

function fromHttp(status: number, message: string, request: FastifyRequest): ApiError {
  const known = BODY_ERRORS[status];
  if (known) return known(bodyRulesOf(request));
  return new ApiError(status, status === 400 ? 'invalid_request' : `http_${status}`, message);
}
