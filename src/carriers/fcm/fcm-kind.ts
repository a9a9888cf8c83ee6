import { Injectable } from '@nestjs/common';
import type { Config } from '../../config/load-config.js';
import { readServiceAccount, readWebConfig } from '../../domain/firebase.js';
import type { Carrier } from '../carrier.js';
import { CarrierKinds, type AccountValues, type CarrierContext, type CarrierKind } from '../carrier-kinds.js';
import { AccessTokens } from './access-tokens.js';
import { readAccount } from './fcm-account.js';
import { FcmCarrier } from './fcm-carrier.js';

@Injectable()
export class FcmKind implements CarrierKind {
  readonly name = 'fcm';
  readonly title = 'Firebase Cloud Messaging';
  readonly secrets = ['service_account'];
  readonly isShared = true;

  constructor(kinds: CarrierKinds) {
    kinds.register(this);
  }

  fromEnvironment(config: Config): AccountValues | null {
    const { FIREBASE_PROJECT_ID: project_id, FIREBASE_SERVICE_ACCOUNT: service_account } = config;
    if (!project_id || !service_account) return null;
    const { FIREBASE_WEB_CONFIG: web_config } = config;
    return { project_id, service_account, ...(web_config ? { web_config } : {}) };
  }

  /** A service account that is left out is the stored one. */
  flaw({ service_account, web_config }: AccountValues) {
    if (service_account !== undefined && !readServiceAccount(String(service_account))) {
      const problem = 'must be the JSON of a service account, or base64 of it, with its client_email and private_key';
      return { field: 'service_account', problem };
    }
    if (web_config === undefined || readWebConfig(String(web_config))) return null;
    return { field: 'web_config', problem: 'must be JSON with apiKey, projectId, messagingSenderId and appId' };
  }

  baseUrl(config: Config): string | null {
    return config.FIREBASE_BASE_URL?.replace(/\/+$/, '') || null;
  }

  accountId({ project_id }: AccountValues): string {
    return String(project_id);
  }

  sender(): null {
    return null;
  }

  /** The package takes 150 ms to load, so only who has a project at Firebase loads it. */
  async open(values: AccountValues, context: CarrierContext): Promise<Carrier> {
    const { JWT } = await import('google-auth-library');
    const { projectId, serviceAccount } = readAccount(values);
    // Google's own certificate is always checked.
    const trustsStandIn = context.trustsStandIn && context.baseUrl !== null;
    const tokens = new AccessTokens(JWT, serviceAccount, context.baseUrl, trustsStandIn);
    return new FcmCarrier(projectId, tokens, { ...context, trustsStandIn });
  }
}
