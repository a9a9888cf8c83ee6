import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PrincipalSource, type Authenticator, type Credentials } from '../auth/principal-source.js';
import type { Client, Principal } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { unauthenticated } from '../common/errors.js';
import type { ApiKeyDoc } from './api-key.js';
import { ApiKeysService } from './api-keys.service.js';

const ANOTHER = 'An administrator makes another: POST /admin/api-keys.';

/** Authenticates client applications, by `X-API-Key` or by Basic with the key's id and secret. */
@Injectable()
export class ApiKeyAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly principals: PrincipalSource,
    private readonly keys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.principals.register(this);
  }

  recognizes({ apiKey, basic }: Credentials): boolean {
    return apiKey !== undefined || (basic?.name.startsWith('key_') ?? false);
  }

  async authenticate({ apiKey, basic }: Credentials): Promise<Client> {
    const key = await this.keys.bySecret(apiKey ?? basic!.password);
    if (!key || (basic && apiKey === undefined && basic.name !== key._id)) throw unknown();
    return this.toClient(key);
  }

  again(caller: Principal): Promise<Client> | undefined {
    return caller.kind === 'client'
      ? this.keys.byId(caller.tenant, caller.id).then((key) => this.toClient(key))
      : undefined;
  }

  private toClient(key: ApiKeyDoc | null): Client {
    if (!key) throw unknown();
    if (!key.is_active) throw unauthenticated(`The API key is disabled. ${ANOTHER}`);
    if (key.expires_at && key.expires_at <= this.clock.now())
      throw unauthenticated(`The API key has expired. ${ANOTHER}`);
    return {
      kind: 'client',
      id: key._id,
      tenant: key.tenant_id,
      name: key.client_name,
      scopes: key.scopes,
      dailyLimit: key.rate_limit_per_day,
    };
  }
}

function unknown() {
  return unauthenticated(`The API key (X-API-Key) is unknown. ${ANOTHER}`);
}
