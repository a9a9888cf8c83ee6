import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { User } from '../auth/principal.js';
import { LoginService } from './login.service.js';
import { TenantChoice } from './tenant-choice.js';
import { asPrincipal } from './user.js';

/** Users with `curl -u user:password`. A name that is an API key's id belongs to the keys. */
@Injectable()
export class BasicAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly login: LoginService,
    private readonly choice: TenantChoice,
  ) {}

  onModuleInit(): void {
    this.principals.register(this);
  }

  recognizes({ basic }: Credentials): boolean {
    return basic !== undefined && !basic.name.startsWith('key_');
  }

  async authenticate({ basic }: Credentials, request: FastifyRequest): Promise<User> {
    const user = await this.login.verifyBasic(basic!.name, basic!.password, request.ip);
    return this.choice.apply(asPrincipal(user), request);
  }
}
