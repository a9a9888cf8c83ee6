import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyInstance } from 'fastify';
import { forbidden } from '../common/errors.js';
import { sendError } from '../common/http/error.filter.js';
import { mayUse, type Access } from './access.js';
import { Authenticators } from './authenticators.js';
import type { AuthenticatedRequest } from './current.js';
import type { Principal } from './principal.js';
import { RouteAccess } from './route-access.js';
import { ThrottleGuard } from './throttle/throttle.guard.js';

/** Finds out who calls, whether they call too often, and whether the route is for them. Once for each call. */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly throttle: ThrottleGuard,
    private readonly routes: RouteAccess,
  ) {}

  /** @throws ApiError 401, 429 or 403. */
  async admit(context: ExecutionContext, access: Access): Promise<void> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!access.public) request.principal = await this.authenticators.authenticate(request);
    await this.throttle.canActivate(context);
    if (request.principal) this.check(request.principal, access);
  }

  /** @throws ApiError 403. */
  check(principal: Principal, access: Access): void {
    if (!mayUse(principal, access)) throw forbidden(refusal(principal, access));
  }

  /** Reading 8 MiB of JSON takes a tenth of a second and more: who may not call is told so before. */
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

function refusal(principal: Principal, access: Access): string {
  if (principal.kind === 'user' && access.role)
    return `This needs the role ${access.role}; yours is ${principal.role}.`;
  if (principal.kind === 'client' && access.scopes)
    return `This needs a key with the scope ${access.scopes.join(' or ')}.`;
  return `A ${principal.kind === 'client' ? 'client application' : principal.kind} may not call this route.`;
}
