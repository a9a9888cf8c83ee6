import type { FastifyInstance } from 'fastify';

/** Remembers which methods each path has, so that another method on it is answered 405 and not 404. */
export class KnownRoutes {
  private readonly routes: { segments: string[]; method: string }[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }) => {
      for (const one of [method].flat()) this.routes.push({ segments: url.split('/'), method: one });
    });
  }

  methodsOf(path: string): string[] {
    const asked = path.split('/');
    const methods = this.routes.filter(({ segments }) => matches(segments, asked)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

function matches(pattern: readonly string[], asked: readonly string[]): boolean {
  return (
    pattern.length === asked.length &&
    pattern.every((segment, i) => (segment.startsWith(':') ? asked[i] !== '' : segment === asked[i]))
  );
}
