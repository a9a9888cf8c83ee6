import type { FastifyRequest } from 'fastify';
import type { ProviderCall } from '../carriers/carrier.js';
import type { Config } from '../config/load-config.js';

/** A call of a provider, for the adapter that checks and reads it. */
export function providerCall(about: ProviderCall['about'], request: FastifyRequest, config: Config): ProviderCall {
  return {
    about,
    method: request.method,
    url: calledUrl(request, config.publicUrl),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    address: request.ip,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

/**
 * The URL that the provider called. PUBLIC_URL may end with a prefix; a proxy strips it, or passes it on and it is in the path that we see.
 * Without PUBLIC_URL, what the request says of itself, as far as TRUST_PROXY lets it.
 */
function calledUrl({ originalUrl, protocol, host }: FastifyRequest, publicUrl: string | null): string {
  if (!publicUrl) return `${protocol}://${host}${originalUrl}`;
  const { origin, pathname } = new URL(publicUrl);
  const prefix = pathname === '/' ? '' : pathname;
  return origin + (originalUrl.startsWith(`${prefix}/`) ? originalUrl : prefix + originalUrl);
}
