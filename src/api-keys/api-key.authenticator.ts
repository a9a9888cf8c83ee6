import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Authenticators, type Authenticator, type Credentials } from '../auth/authenticators.js';
import type { Client } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { unauthenticated } from '../common/errors.js';
import { ApiKeysService } from './api-keys.service.js';

/** Client applications, by `X-API-Key` or by Basic with the key's id and secret. */
@Injectable()
export class ApiKeyAuthenticator implements Authenticator, OnModuleInit {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly keys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.authenticators.register(this);
  }

  recognizes({ apiKey, basic }: Credentials): boolean {
    return apiKey !== undefined || (basic?.name.startsWith('key_') ?? false);
  }

  async authenticate({ apiKey, basic }: Credentials): Promise<Client> {
    const key = await this.keys.bySecret(apiKey ?? basic!.password);
    if (!key || (basic && apiKey === undefined && basic.name !== key._id))
      throw unauthenticated('The API key is not known.');
    if (!key.is_active) throw unauthenticated('The API key is disabled.');
    if (key.expires_at && key.expires_at <= this.clock.now()) throw unauthenticated('The API key has expired.');
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
