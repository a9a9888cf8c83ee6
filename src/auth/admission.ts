import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyInstance } from 'fastify';
import { Clock } from '../common/clock.js';
import { sendError } from '../common/http/error.filter.js';
import { checkAccess, type Access } from './allow.js';
import type { AuthenticatedRequest } from './current.js';
import { PrincipalSource } from './principal-source.js';
import { RouteAccess } from './route-access.js';
import { ThrottleGuard } from './throttle/throttle.guard.js';

/** If the body arrives within this time after the headers, the caller isn't checked again. */
const LATE_MILLIS = 1000;

/** Finds out who calls, whether they call too often, and whether they may call the route. Runs once for each call. */
@Injectable()
export class Admission {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly throttle: ThrottleGuard,
    private readonly routes: RouteAccess,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 401, 429 or 403. */
  async admit(context: ExecutionContext, access: Access): Promise<void> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!access.public) request.principal = await this.principals.authenticate(request);
    await this.throttle.canActivate(context);
    if (request.principal) checkAccess(request.principal, access);
    request.admittedAt = this.clock.now().getTime();
  }

  /** Called when the body has arrived: checks the caller again if the body took long. @throws ApiError 401 or 403. */
  async confirm(request: AuthenticatedRequest, access: Access): Promise<void> {
    const since = this.clock.now().getTime() - request.admittedAt!;
    if (since <= LATE_MILLIS) checkAccess(request.principal!, access);
    else request.principal = await this.principals.stillMay(request.principal!, access);
  }

  /** Refuses callers before the body is read: reading 8 MiB of JSON takes a tenth of a second and more. */
  refuseEarly(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (request.method === 'GET') return done();
      const route = this.routes.of(request.method, request.routeOptions.url);
      if (!route) return done();
      const context = new ExecutionContextHost([request, reply], route.controller, route.handler);
      this.admit(context, route.access).then(
        () => done(),
        (error: unknown) => sendError(error, request, reply),
      );
    });
  }
}
