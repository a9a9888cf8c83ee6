import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { forbidden } from '../common/errors.js';
import { X_ACCESS } from '../common/http/api-operations.js';
import { SayOfRoute } from '../common/http/route-config.js';
import { includesRole, type Principal, type Role, type Scope } from './principal.js';

/** Who may call a handler; all others may not. */
export interface Access {
  /** Users of this role or a stronger one. */
  role?: Role;
  /** Clients whose key has one of these scopes. */
  scopes?: readonly Scope[];
  agents?: true;
  /** No credentials are needed; given credentials are still checked where the handler asks for the caller. */
  public?: true;
}

export const ACCESS = 'trunkline:access';

/** Every handler (or its controller) needs this; otherwise the gateway doesn't start. The OpenAPI document shows it. */
export function Allow(access: Access): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiExtension(X_ACCESS, access),
    SayOfRoute({ isPublic: access.public ?? false }),
  );
}

function mayUse(principal: Principal, access: Access): boolean {
  if (principal.kind === 'user') return access.role !== undefined && includesRole(principal.role, access.role);
  if (principal.kind === 'client') return access.scopes?.some((scope) => principal.scopes.includes(scope)) ?? false;
  return access.agents ?? false;
}

/** @throws ApiError 403 that names the missing role or scope. */
export function checkAccess(principal: Principal, access: Access): void {
  if (!mayUse(principal, access)) throw forbidden(refusal(principal, access));
}

function refusal(principal: Principal, access: Access): string {
  if (principal.kind === 'user' && access.role)
    return `This route needs the role ${access.role}; yours is ${principal.role}.`;
  if (principal.kind === 'client' && access.scopes)
    return `This route needs an API key with the scope ${access.scopes.join(' or ')}.`;
  return `${CALLERS[principal.kind]} may not call this route. It takes ${takers(access)}.`;
}

const CALLERS = { user: 'A user', client: 'A client application', agent: 'A phone' } as const;

function takers({ role, scopes, agents }: Access): string {
  const takers = [
    ...(role ? [`a user’s token with the role ${role} (POST /auth/login)`] : []),
    ...(scopes ? [`an API key with the scope ${scopes.join(' or ')} (X-API-Key)`] : []),
    ...(agents ? ['a phone’s token (POST /agent/register)'] : []),
  ];
  return takers.join(', or ');
}

export const Public = (): MethodDecorator & ClassDecorator => Allow({ public: true });
