import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import { isRole, type Principal, type User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { forbidden, unauthenticated } from '../common/errors.js';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { JwtStrategy, type Claims } from './jwt.strategy.js';
import { TenantChoice } from './tenant-choice.js';
import { OWN_ISSUER } from './user-tokens.js';
import { audiences, checkForeign, checkHead, checkLife, readSubject } from './token-rules.js';
import { asPrincipal } from './user.js';
import { UserDirectory } from './user-directory.js';

/** Users with a JWT: one of ours, or one signed elsewhere with the same secret. An agent's token has no dot. */
@Injectable()
export class TokenAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly directory: UserDirectory,
    private readonly tenants: TenantsService,
    private readonly choice: TenantChoice,
    private readonly config: Config,
    private readonly clock: Clock,
    _strategy: JwtStrategy,
  ) {}

  onModuleInit(): void {
    this.principals.register(this);
  }

  recognizes({ bearer }: Credentials): boolean {
    return bearer !== undefined && bearer.includes('.');
  }

  async authenticate({ bearer }: Credentials, request: FastifyRequest): Promise<User> {
    const claims = await this.verify(request);
    checkHead(bearer!);
    checkLife(claims, this.seconds());
    const user = claims['iss'] === OWN_ISSUER ? await this.ownUser(claims) : await this.foreignUser(claims);
    return this.choice.apply(user, request);
  }

  again(caller: Principal): Promise<User> | undefined {
    return caller.kind === 'user' ? this.userAgain(caller) : undefined;
  }

  private verify(request: FastifyRequest): Promise<Claims> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, claims: Claims | false): void => {
        if (error || !claims)
          reject(unauthenticated('The user’s token is not valid. Log in again (POST /auth/login).'));
        else resolve(claims);
      };
      const middleware = passport.authenticate('jwt', { session: false }, done) as unknown as (
        request: FastifyRequest,
        response: object,
        next: (error?: unknown) => void,
      ) => void;
      middleware(request, {}, reject);
    });
  }

  private seconds(): number {
    return this.clock.now().getTime() / 1000;
  }

  private async ownUser(claims: Claims): Promise<User> {
    const user = typeof claims['sub'] === 'string' ? await this.directory.byId(claims['sub']) : null;
    if (!user?.is_active || user.token_version !== claims['ver']) {
      throw ended();
    }
    return asPrincipal(user);
  }

  /** A user of a token signed elsewhere is nowhere written down: they stay what the token said. */
  private async userAgain(caller: User): Promise<User> {
    this.directory.forget(caller.id);
    const user = await this.directory.byId(caller.id);
    if (user ? !user.is_active : caller.id.startsWith('usr_'))
      throw unauthenticated('This user is disabled. An administrator can enable it (PATCH /admin/users/{id}).');
    if (user && caller.version !== undefined && user.token_version !== caller.version) throw ended();
    const role = user?.role ?? caller.role;
    if (user && user.tenant_id !== caller.tenant && role !== 'platform_admin')
      throw forbidden('This user may not work in that tenant any more.');
    return { ...caller, role };
  }

  private async foreignUser(claims: Claims): Promise<User> {
    const { JWT_ISSUER, JWT_AUDIENCE, JWT_ROLE_CLAIM, JWT_TENANT_CLAIM } = this.config;
    checkForeign(claims, this.seconds());
    if (JWT_ISSUER && claims['iss'] !== JWT_ISSUER) throw unauthenticated('The token is from another issuer (iss).');
    if (JWT_AUDIENCE && !audiences(claims['aud']).includes(JWT_AUDIENCE)) {
      throw unauthenticated('The token is for another audience (aud).');
    }
    const sub = readSubject(claims['sub']);
    const { username } = claims;
    if ((await this.directory.byId(sub))?.is_active === false)
      throw unauthenticated('This user is disabled. An administrator can enable it (PATCH /admin/users/{id}).');
    const role = claims[JWT_ROLE_CLAIM];
    if (!isRole(role)) throw forbidden(`The token must carry a role (claim ${JWT_ROLE_CLAIM}).`);
    const slug = claims[JWT_TENANT_CLAIM] ?? DEFAULT_TENANT;
    const tenant = isName(slug) ? await this.tenants.bySlug(slug) : null;
    if (!tenant) throw forbidden(`The token names a tenant that does not exist (claim ${JWT_TENANT_CLAIM}).`);
    return { kind: 'user', id: sub, tenant: tenant._id, username: isName(username) ? username : sub, role };
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

function ended() {
  return unauthenticated(
    'The token has ended, because the password or the account changed. Log in again (POST /auth/login).',
  );
}
