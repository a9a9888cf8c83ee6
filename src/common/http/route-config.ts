import { FASTIFY_ROUTE_CONFIG_METADATA as CONFIG } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/**
 * Says something of a handler where Fastify keeps it: `request.routeOptions.config`. On a controller it holds for those of its handlers
 * that don't say it themselves.
 */
export function SayOfRoute(said: FastifyContextConfig): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (descriptor) put(descriptor.value as object, { ...configOf(descriptor.value as object), ...said });
    else for (const handler of handlersOf(target as Controller)) put(handler, { ...said, ...configOf(handler) });
  };
}

type Controller = new (...args: never[]) => object;

function handlersOf(controller: Controller): object[] {
  const parent = Object.getPrototypeOf(controller.prototype) as object;
  // What is put on a handler would be said of its other controllers, too.
  if (parent !== Object.prototype)
    throw new Error(`${controller.name} may inherit handlers: put the decorator on each handler, not on the class.`);
  const own = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype));
  return own.flatMap(([name, { value }]) => (name !== 'constructor' && typeof value === 'function' ? [value] : []));
}

function configOf(handler: object): FastifyContextConfig {
  return (Reflect.getMetadata(CONFIG, handler) ?? {}) as FastifyContextConfig;
}

function put(handler: object, config: FastifyContextConfig): void {
  Reflect.defineMetadata(CONFIG, config, handler);
}
