import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { Client, Principal } from '../auth/principal.js';
import { surfaceName } from '../common/http/surfaces.js';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';

const ID = 'key_nobody';

/** With `OPEN_SURFACES`, who brings no credentials may use the surfaces of the source systems, as anybody could there. */
@Injectable()
export class OpenSurfacesAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly tenants: TenantsService,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (this.config.OPEN_SURFACES && !this.config.isProduction) this.principals.register(this, { first: true });
  }

  recognizes({ apiKey, bearer, basic }: Credentials, request: FastifyRequest): boolean {
    if (apiKey ?? bearer ?? basic ?? request.headers.authorization) return false;
    return ['flowroute', 'conversations', 'smss'].includes(surfaceName(request));
  }

  async authenticate(): Promise<Client> {
    const tenant = await this.tenants.idOf(DEFAULT_TENANT);
    return { kind: 'client', id: ID, tenant, name: 'anybody', scopes: ['proxy:manage', 'notify:send'], dailyLimit: 0 };
  }

  again(caller: Principal): Promise<Client> | undefined {
    return caller.id === ID ? this.authenticate() : undefined;
  }
}
