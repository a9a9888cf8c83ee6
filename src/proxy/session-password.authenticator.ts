import { Injectable, type OnModuleInit } from '@nestjs/common';
import { minutes } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { Client, Principal } from '../auth/principal.js';
import { FailureThrottle } from '../auth/throttle/failure-throttle.js';
import { ThrottleStorage } from '../auth/throttle/throttle-storage.js';
import { unauthenticated } from '../common/errors.js';
import { surfaceName } from '../common/http/surfaces.js';
import { sameSecret } from '../common/secrets.js';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';

const ID = 'key_auth_username';

/** AUTH_USERNAME and AUTH_PASSWORD of the environment, by which the source system of `/sessions` was called; at its paths alone. */
@Injectable()
export class SessionPasswordAuthenticator implements Authenticator, OnModuleInit {
  private readonly throttle: FailureThrottle;

  constructor(
    private readonly principals: PrincipalSource,
    private readonly tenants: TenantsService,
    private readonly config: Config,
    storage: ThrottleStorage,
  ) {
    const message = 'Too many wrong passwords for this user from here. Wait and try again.';
    this.throttle = new FailureThrottle(storage, { name: 'failed_logins', failures: 10, millis: minutes(15), message });
  }

  onModuleInit(): void {
    const { AUTH_USERNAME, AUTH_PASSWORD } = this.config;
    if (AUTH_USERNAME && AUTH_PASSWORD) this.principals.register(this, { first: true });
  }

  recognizes({ basic }: Credentials, request: FastifyRequest): boolean {
    return basic?.name === this.config.AUTH_USERNAME && surfaceName(request) === 'conversations';
  }

  async authenticate({ basic }: Credentials, { ip }: FastifyRequest): Promise<Client> {
    await this.throttle.check(ip, basic!.name);
    if (!sameSecret(basic!.password, this.config.AUTH_PASSWORD!)) {
      await this.throttle.failed(ip, basic!.name);
      throw unauthenticated('The user name or the password is wrong.');
    }
    return this.principal();
  }

  again(caller: Principal): Promise<Client> | undefined {
    return caller.id === ID ? this.principal() : undefined;
  }

  private async principal(): Promise<Client> {
    const tenant = await this.tenants.idOf(DEFAULT_TENANT);
    const name = this.config.AUTH_USERNAME!;
    return { kind: 'client', id: ID, tenant, name, scopes: ['proxy:manage'], dailyLimit: 0 };
  }
}
