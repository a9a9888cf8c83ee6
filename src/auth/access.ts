import { SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { Role, Scope } from './principal.js';

/** Who may call a handler. What is not named may not. */
export interface Access {
  /** Users of this role or a stronger one. */
  role?: Role;
  /** Clients whose key has one of these scopes. */
  scopes?: readonly Scope[];
  agents?: true;
  /** No credentials are needed; ones that are given are still checked where the handler asks for them. */
  public?: true;
}

export const ACCESS = 'trunkline:access';

/** Every handler (or its controller) carries this; the gateway doesn't start when one lacks it. */
export function Allow(access: Access): MethodDecorator & ClassDecorator {
  const decorators: ((...args: never[]) => void)[] = [SetMetadata(ACCESS, access) as never];
  if (access.role) decorators.push(ApiBearerAuth('user') as never, ApiBasicAuth('password') as never);
  if (access.scopes) decorators.push(ApiSecurity('api_key') as never);
  if (access.agents) decorators.push(ApiBearerAuth('agent') as never);
  return (...target: unknown[]) => {
    for (const decorate of decorators) (decorate as (...args: unknown[]) => void)(...target);
  };
}

export const Public = (): MethodDecorator & ClassDecorator => Allow({ public: true });
