import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/load-config.js';

/** Where a phone reaches the gateway: PUBLIC_URL, and without one what the call says of itself. */
export function baseUrl(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
): string {
  return publicUrl ?? `${protocol}://${host}`;
}
