import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, type Access } from './access.js';
import { Admission } from './admission.js';
import type { AuthenticatedRequest } from './current.js';

/** Whether a handler is for its caller. Who sends a body was asked before it was read; the answer counts here again. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** By controller and handler: a handler may be inherited. */
  private readonly known = new WeakMap<object, WeakMap<object, Access>>();

  constructor(
    private readonly reflector: Reflector,
    private readonly admission: Admission,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.accessOf(context);
    if (access.public) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const admitted = request.principal
      ? this.admission.confirm(request, access)
      : this.admission.admit(request, access);
    return admitted.then(() => true);
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
