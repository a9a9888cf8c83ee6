import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { User } from '../auth/principal.js';
import { sessionToken } from '../common/http/session-cookie.js';
import { surfaceName } from '../common/http/surfaces.js';
import { TokenAuthenticator } from './token.authenticator.js';

/** Users who have logged in on our page, where a browser shows pages alone: elsewhere the cookie counts for nothing. */
@Injectable()
export class SessionAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly tokens: TokenAuthenticator,
  ) {}

  onModuleInit(): void {
    this.principals.register(this);
  }

  recognizes({ apiKey, bearer, basic }: Credentials, request: FastifyRequest): boolean {
    if (apiKey ?? bearer ?? basic ?? request.headers.authorization) return false;
    return ['notifier', 'page'].includes(surfaceName(request)) && sessionToken(request) !== null;
  }

  authenticate(_: Credentials, request: FastifyRequest): Promise<User> {
    const bearer = sessionToken(request)!;
    const headers = { ...request.headers, authorization: `Bearer ${bearer}` };
    const asToken = Object.create(request, { headers: { value: headers } }) as FastifyRequest;
    return this.tokens.authenticate({ bearer }, asToken);
  }
}
