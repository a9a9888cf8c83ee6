import type { FastifyInstance } from 'fastify';
import type { SurfaceName } from './surfaces.js';

interface KnownRoute {
  segments: string[];
  method: string;
  surface: SurfaceName;
}

/** Remembers which methods each path has, so that another method on it is answered 405 and not 404. */
export class KnownRoutes {
  private readonly routes: KnownRoute[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method, config }) => {
      const surface = config?.surface ?? 'trunkline';
      for (const one of [method].flat()) this.routes.push({ segments: url.split('/'), method: one, surface });
    });
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.on(path).map(({ method }) => method))].sort();
  }

  /** Whose errors a call of another method on this path gets: a route that has the path to the letter comes before one with a parameter. */
  surfaceOf(path: string): SurfaceName {
    const routes = this.on(path);
    const exact = routes.find(({ segments }) => segments.join('/') === path);
    return (exact ?? routes[0])?.surface ?? 'trunkline';
  }

  private on(path: string): KnownRoute[] {
    const asked = path.split('/');
    return this.routes.filter(({ segments }) => matches(segments, asked));
  }
}

function matches(pattern: readonly string[], asked: readonly string[]): boolean {
  return (
    pattern.length === asked.length &&
    pattern.every((segment, i) => (segment.startsWith(':') ? asked[i] !== '' : segment === asked[i]))
  );
}
