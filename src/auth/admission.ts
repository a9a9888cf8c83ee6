import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Clock } from '../common/clock.js';
import { sendError } from '../common/http/error.filter.js';
import { checkAccess, type Access } from './access.js';
import type { AuthenticatedRequest } from './current.js';
import { PrincipalSource } from './principal-source.js';
import { RouteAccess } from './route-access.js';
import { PrincipalThrottle } from './throttle.js';

/** A body that comes within this time of its head is its caller's as it was admitted. */
const LATE_MILLIS = 1000;

/** Finds out who calls, whether they call too often, and whether the route is for them. Once for each call. */
@Injectable()
export class Admission {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly throttle: PrincipalThrottle,
    private readonly routes: RouteAccess,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 401, 429 or 403. */
  async admit(request: AuthenticatedRequest, access: Access): Promise<void> {
    const principal = await this.principals.authenticate(request);
    this.throttle.count(principal);
    checkAccess(principal, access);
    request.principal = principal;
    request.admittedAt = this.clock.now().getTime();
  }

  /** When the body is there: who took long to send it is asked for again. @throws ApiError 401 or 403. */
  async confirm(request: AuthenticatedRequest, access: Access): Promise<void> {
    const since = this.clock.now().getTime() - request.admittedAt!;
    if (since <= LATE_MILLIS) checkAccess(request.principal!, access);
    else request.principal = await this.principals.stillMay(request.principal!, access);
  }

  /** Reading 8 MiB of JSON takes a tenth of a second and more: who may not call is told so before. */
  refuseEarly(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (request.method === 'GET') return done();
      const access = this.routes.of(request.method, request.routeOptions.url);
      if (!access || access.public) return done();
      this.admit(request, access).then(
        () => done(),
        (error: unknown) => sendError(error, request, reply),
      );
    });
  }
}
