import { Injectable } from '@nestjs/common';
import type { Config } from '../../config/load-config.js';
import type { Carrier } from '../carrier.js';
import { CarrierKinds, type AccountValues, type CarrierContext, type CarrierKind } from '../carrier-kinds.js';
import { fromOf, readAccount } from './flowroute-account.js';
import { FlowrouteCarrier } from './flowroute-carrier.js';

@Injectable()
export class FlowrouteKind implements CarrierKind {
  readonly name = 'flowroute';
  readonly title = 'Flowroute';
  readonly secrets = ['secret_key', 'callback_token'];
  readonly callbackPaths = {
    inbound: '/carriers/flowroute/{callback_token}/inbound',
    receipt: '/carriers/flowroute/{callback_token}/receipt',
  };

  constructor(kinds: CarrierKinds) {
    kinds.register(this);
  }

  fromEnvironment(config: Config): AccountValues | null {
    const { FLOWROUTE_ACCESS_KEY: access_key, FLOWROUTE_SECRET_KEY: secret_key, FLOWROUTE_BODY: body } = config;
    if (!access_key || !secret_key) return null;
    const { FLOWROUTE_FROM: from, FLOWROUTE_CALLBACK_TOKEN: callback_token } = config;
    const { FLOWROUTE_ALLOWED_ADDRESSES: allowed_addresses } = config;
    return {
      access_key,
      secret_key,
      body,
      ...(from ? { from } : {}),
      ...(callback_token ? { callback_token } : {}),
      ...(allowed_addresses ? { allowed_addresses } : {}),
    };
  }

  baseUrl(config: Config): string | null {
    return config.FLOWROUTE_BASE_URL || null;
  }

  accountId(values: AccountValues): string {
    return String(values['access_key'] ?? '');
  }

  sender(values: AccountValues): string | null {
    return fromOf(values);
  }

  open(values: AccountValues, context: CarrierContext): Promise<Carrier> {
    return Promise.resolve(new FlowrouteCarrier(readAccount(values, context.baseUrl), context));
  }
}
