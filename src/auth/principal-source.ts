import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NO_CREDENTIALS, unauthenticated } from '../common/errors.js';
import { checkAccess, type Access } from './allow.js';
import { misplaced } from './misplaced-credentials.js';
import type { Principal } from './principal.js';

/** One way to authenticate. Features that own credentials register theirs; this folder doesn't know them. */
export interface Authenticator {
  /** Whether the request carries this kind of credential. */
  recognizes(credentials: Credentials, request: FastifyRequest): boolean;
  /** @throws ApiError 401 for wrong, expired or disabled credentials; 403 for right ones without a role. */
  authenticate(credentials: Credentials, request: FastifyRequest): Promise<Principal>;
  /** The present state of a caller of this kind; undefined for another kind. @throws ApiError 401 when the caller is no longer valid. */
  again?(caller: Principal): Promise<Principal> | undefined;
}
export interface Credentials {
  apiKey?: string;
  bearer?: string;
  basic?: { name: string; password: string };
}

/** Finds out who calls: once for each call, and again when time has passed. Only this class has that rule. */
@Injectable()
export class PrincipalSource {
  private readonly known: Authenticator[] = [];

  /** `first`: asked before those that are there, for credentials that would also look like theirs. */
  register(authenticator: Authenticator, { first = false } = {}): void {
    if (first) this.known.unshift(authenticator);
    else this.known.push(authenticator);
  }

  async authenticate(request: FastifyRequest): Promise<Principal> {
    // Node reads the first of two headers, but a proxy in front may have checked the other.
    if ((request.raw.headersDistinct['authorization']?.length ?? 0) > 1)
      throw unauthenticated('Send only one Authorization header.');
    const problem = misplaced(request.headers);
    if (problem) throw unauthenticated(problem);
    const credentials = readCredentials(request);
    const authenticator = this.known.find((one) => one.recognizes(credentials, request));
    if (!authenticator) throw unauthenticated(NO_CREDENTIALS);
    return authenticator.authenticate(credentials, request);
  }

  /**
   * For long work (a body that arrives slowly, an import, a waiting phone): returns the present state of the same caller.
   * @throws ApiError 401 when the caller was disabled or removed, the key has expired or the password has changed; 403 when the caller is
   *   still valid, but no longer has the permission.
   */
  async stillMay<P extends Principal>(caller: P, access: Access): Promise<P> {
    const now = await this.again(caller);
    checkAccess(now, access);
    return now as P;
  }

  private async again(caller: Principal): Promise<Principal> {
    for (const authenticator of this.known) {
      const now = await authenticator.again?.(caller);
      if (now) return now;
    }
    throw unauthenticated('This caller no longer exists.');
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
