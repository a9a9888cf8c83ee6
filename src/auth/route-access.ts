import { Injectable, RequestMethod, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, type Access } from './allow.js';

const PATH_METADATA = 'path';
const METHOD_METADATA = 'method';

export interface KnownRoute {
  access: Access;
  controller: new () => unknown;
  handler: () => unknown;
}

/** Knows who may call which route. Prevents the start if a route doesn't say it. */
@Injectable()
export class RouteAccess implements OnApplicationBootstrap {
  private readonly known = new Map<string, KnownRoute>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** `pattern` is the router's: `/templates/:id`. Undefined for routes without a controller. */
  of(method: string, pattern: string | undefined): KnownRoute | undefined {
    return this.known.get(`${method} ${pattern}`);
  }

  onApplicationBootstrap(): void {
    const open = this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .map((name) => prototype[name]!)
        .filter((handler) => Reflect.hasMetadata(PATH_METADATA, handler))
        .filter((handler) => !this.learn(metatype as new () => unknown, handler))
        .map((handler) => `${metatype?.name}.${handler.name}`);
    });
    if (open.length > 0)
      throw new Error(`These routes don't say who may call them (@Allow or @Public): ${open.join(', ')}`);
  }

  private learn(controller: new () => unknown, handler: () => unknown): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
    if (access === undefined) return false;
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
    for (const base of pathsOf(controller)) {
      for (const path of pathsOf(handler)) {
        const segments = `${base}/${path}`.split('/').filter(Boolean);
        this.known.set(`${method} /${segments.join('/')}`, { access, controller, handler });
      }
    }
    return true;
  }
}

function pathsOf(decorated: object): string[] {
  return [Reflect.getMetadata(PATH_METADATA, decorated) as string | string[]].flat();
}
