import type { ExecutionContext } from '@nestjs/common';

/** Caches the metadata of each handler, because reading it is slow. The key includes the controller, because a handler may be inherited. */
export class PerHandler<T> {
  private readonly known = new WeakMap<object, WeakMap<object, T>>();

  constructor(private readonly read: (handler: Handler, controller: Handler) => T) {}

  of(context: ExecutionContext): T {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    let known = this.known.get(controller);
    if (!known) this.known.set(controller, (known = new WeakMap()));
    let value = known.get(handler);
    if (value === undefined) known.set(handler, (value = this.read(handler as Handler, controller)));
    return value;
  }
}

type Handler = new (...args: never[]) => unknown;
