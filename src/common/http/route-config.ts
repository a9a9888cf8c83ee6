import { FASTIFY_ROUTE_CONFIG_METADATA as CONFIG } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/**
 * Adds a value to a handler's Fastify configuration, `request.routeOptions.config`. On a controller it applies to the handlers that don't
 * set it themselves.
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
  // A value on an inherited handler would also apply to its other controllers.
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
