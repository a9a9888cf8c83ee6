import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden } from '../common/errors.js';
import { ACCESS, mayUse, type Access } from './access.js';
import { Authenticators } from './authenticators.js';
import type { AuthenticatedRequest } from './current.js';
import { PrincipalThrottle } from './throttle.js';
import type { Principal } from './principal.js';

/** Finds out who calls, whether they call too often, and whether the handler is for them. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** By controller and handler: a handler may be inherited. */
  private readonly known = new WeakMap<object, WeakMap<object, Access>>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticators: Authenticators,
    private readonly throttle: PrincipalThrottle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.accessOf(context);
    if (access.public) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.authenticators.authenticate(request);
    this.throttle.count(principal);
    if (!mayUse(principal, access)) throw forbidden(refusal(principal, access));
    request.principal = principal;
    return true;
  }

  /** What says nothing admits nobody (the gateway doesn't start with such a route). Kept, because reading metadata is slow. */
  private accessOf(context: ExecutionContext): Access {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    let known = this.known.get(controller);
    if (!known) this.known.set(controller, (known = new WeakMap()));
    let access = known.get(handler);
    if (!access) {
      access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]) ?? {};
      known.set(handler, access);
    }
    return access;
  }
}

function refusal(principal: Principal, access: Access): string {
  if (principal.kind === 'user' && access.role)
    return `This needs the role ${access.role}; yours is ${principal.role}.`;
  if (principal.kind === 'client' && access.scopes)
    return `This needs a key with the scope ${access.scopes.join(' or ')}.`;
  return `A ${principal.kind === 'client' ? 'client application' : principal.kind} may not call this route.`;
}
