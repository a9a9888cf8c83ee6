import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CarrierAccounts } from '../../carriers/carrier-accounts.js';
import { ApiError } from '../../common/errors.js';
import { languageFor } from '../../common/http/html.js';
import { LANGUAGES, rootFrom } from '../../common/http/page.js';
import { sessionToken } from '../../common/http/session-cookie.js';
import { Config } from '../../config/load-config.js';
import { readWebConfig, type WebConfig } from '../../domain/firebase.js';
import { DEFAULT_TENANT } from '../../tenants/tenant.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import type { PushView } from './push-section.js';
import { serviceWorkerScript } from './service-worker-script.js';

/** The page on which a browser registers for pushes of the default tenant's project. */
@Injectable()
export class PushPageService {
  constructor(
    private readonly accounts: CarrierAccounts,
    private readonly tenants: TenantsService,
    private readonly environment: Config,
  ) {}

  get isDocumented(): boolean {
    return this.environment.areOperatorRoutesOpen;
  }

  async viewFor(request: FastifyRequest): Promise<PushView> {
    return {
      language: languageFor(request.headers['accept-language'], LANGUAGES),
      root: rootFrom(request),
      isSetUp: (await this.webConfig()) !== null,
      isLoggedIn: sessionToken(request) !== null,
      isDocumented: this.isDocumented,
    };
  }

  /** @throws ApiError 404 when there is none. */
  async config(): Promise<WebConfig> {
    const config = await this.webConfig();
    if (config) return config;
    const message =
      'There is no web configuration of Firebase. Set FIREBASE_WEB_CONFIG, or web_config with PUT /admin/carriers/fcm.';
    throw new ApiError(404, 'push_not_set_up', message);
  }

  async serviceWorker(): Promise<string> {
    return serviceWorkerScript(await this.config());
  }

  /** The account's own; else the environment's. */
  private async webConfig(): Promise<WebConfig | null> {
    const tenant = await this.tenants.idOf(DEFAULT_TENANT);
    const account = await this.accounts.look(tenant, 'fcm');
    const { web_config } = account?.settings.shown ?? {};
    return readWebConfig(String(web_config ?? this.environment.FIREBASE_WEB_CONFIG ?? ''));
  }
}
