import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from './access.js';

const PATH_METADATA = 'path';

/** Refuses to start while a route says nothing about who may call it. */
@Injectable()
export class AccessCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const open = this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .map((name) => prototype[name]!)
        .filter((handler) => Reflect.hasMetadata(PATH_METADATA, handler))
        .filter(
          (handler) => this.reflector.getAllAndOverride(ACCESS, [handler, metatype as () => unknown]) === undefined,
        )
        .map((handler) => `${metatype?.name}.${handler.name}`);
    });
    if (open.length > 0)
      throw new Error(`These routes don't say who may call them (@Allow or @Public): ${open.join(', ')}`);
  }
}
