import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, type Access } from './allow.js';
import { Admission } from './admission.js';
import type { AuthenticatedRequest } from './current.js';
import { PerHandler } from './per-handler.js';

/** Checks whether the caller may call the handler. With a body this was checked before the body was read; that result is used again. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** A handler without a decorator admits nobody (the gateway doesn't start with such a route). */
  private readonly access = new PerHandler(
    (...decorated) => this.reflector.getAllAndOverride<Access | undefined>(ACCESS, decorated) ?? {},
  );

  constructor(
    private readonly reflector: Reflector,
    private readonly admission: Admission,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.access.of(context);
    if (access.public) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const admitted = request.principal
      ? this.admission.confirm(request, access)
      : this.admission.admit(context, access);
    return admitted.then(() => true);
  }
}
