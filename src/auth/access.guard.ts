import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden } from '../common/errors.js';
import { ACCESS, type Access } from './access.js';
import { Authenticators } from './authenticators.js';
import type { AuthenticatedRequest } from './current.js';
import { includesRole, type Principal } from './principal.js';

/** Finds out who calls and whether the handler is for them. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticators: Authenticators,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access?.public) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.authenticators.authenticate(request);
    if (!access || !mayUse(principal, access)) throw forbidden(refusal(principal, access));
    request.principal = principal;
    return true;
  }
}

function mayUse(principal: Principal, access: Access): boolean {
  if (principal.kind === 'user') return access.role !== undefined && includesRole(principal.role, access.role);
  if (principal.kind === 'client') return access.scopes?.some((scope) => principal.scopes.includes(scope)) ?? false;
  return access.agents ?? false;
}

function refusal(principal: Principal, access: Access | undefined): string {
  if (principal.kind === 'user' && access?.role)
    return `This needs the role ${access.role}; yours is ${principal.role}.`;
  if (principal.kind === 'client' && access?.scopes)
    return `This needs a key with the scope ${access.scopes.join(' or ')}.`;
  return `A ${principal.kind === 'client' ? 'client application' : principal.kind} may not call this route.`;
}
