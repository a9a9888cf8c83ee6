import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../common/errors.js';
import { languageFor } from '../../common/http/html.js';
import { LANGUAGES, rootFrom } from '../../common/http/page.js';
import { sessionToken } from '../../common/http/session-cookie.js';
import { Config } from '../../config/load-config.js';
import { readWebConfig, type WebConfig } from '../../domain/firebase.js';
import type { PushView } from './push-section.js';
import { serviceWorkerScript } from './service-worker-script.js';

/** The page on which a browser registers for pushes of the default tenant's project. */
@Injectable()
export class PushPageService {
  private readonly webConfig: WebConfig | null;

  constructor({ FIREBASE_WEB_CONFIG }: Config) {
    this.webConfig = readWebConfig(FIREBASE_WEB_CONFIG ?? '');
  }

  viewFor(request: FastifyRequest): PushView {
    return {
      language: languageFor(request.headers['accept-language'], LANGUAGES),
      root: rootFrom(request),
      isSetUp: this.webConfig !== null,
      isLoggedIn: sessionToken(request) !== null,
    };
  }

  config(): WebConfig {
    if (this.webConfig) return this.webConfig;
    throw new ApiError(404, 'push_not_set_up', 'There is no web configuration of Firebase. Set FIREBASE_WEB_CONFIG.');
  }

  serviceWorker(): string {
    return serviceWorkerScript(this.config());
  }
}
