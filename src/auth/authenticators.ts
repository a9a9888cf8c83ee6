import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '../common/errors.js';
import type { Principal } from './principal.js';

/** One way to prove who one is. Features that own credentials register theirs; this folder knows none of them. */
export interface Authenticator {
  /** Whether the request carries this kind of credential. */
  recognizes(credentials: Credentials): boolean;
  /** @throws ApiError 401 when they are wrong, expired or disabled; 403 when they are right but say nothing of a role. */
  authenticate(credentials: Credentials, request: FastifyRequest): Promise<Principal>;
  /** What a caller of this kind is by now. @throws ApiError 401 when they are nobody any more. */
  again?(caller: Principal): Promise<Principal> | undefined;
}
export interface Credentials {
  apiKey?: string;
  bearer?: string;
  basic?: { name: string; password: string };
}

@Injectable()
export class Authenticators {
  private readonly known: Authenticator[] = [];

  register(authenticator: Authenticator): void {
    this.known.push(authenticator);
  }

  async authenticate(request: FastifyRequest): Promise<Principal> {
    // Node reads the first of two, and what stands before us may have judged the other.
    if ((request.raw.headersDistinct['authorization']?.length ?? 0) > 1)
      throw unauthenticated('Send one Authorization header, not several.');
    const credentials = readCredentials(request);
    const authenticator = this.known.find((one) => one.recognizes(credentials));
    if (!authenticator) throw unauthenticated('Send credentials: Authorization: Bearer <token>, Basic, or X-API-Key.');
    return authenticator.authenticate(credentials, request);
  }

  /**
   * For work that goes on after its caller has left: the same caller with what they may do now.
   * @throws ApiError 401 when they were disabled or removed, or their key has expired.
   */
  async again(caller: Principal): Promise<Principal> {
    for (const authenticator of this.known) {
      const now = await authenticator.again?.(caller);
      if (now) return now;
    }
    throw unauthenticated('Nobody knows this caller any more.');
  }
}

export function readCredentials(request: Pick<FastifyRequest, 'headers'>): Credentials {
  const apiKey = request.headers['x-api-key'];
  if (typeof apiKey === 'string') return { apiKey };
  const [scheme, value] = splitOnce(request.headers.authorization ?? '', ' ');
  if (/^bearer$/i.test(scheme) && value) return { bearer: value.trim() };
  if (/^basic$/i.test(scheme) && value) {
    const [name, password] = splitOnce(Buffer.from(value.trim(), 'base64').toString('utf8'), ':');
    return { basic: { name, password } };
  }
  return {};
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
