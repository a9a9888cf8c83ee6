import { Injectable } from '@nestjs/common';
import type { Config } from '../../config/load-config.js';
import { CarrierInbox } from '../carrier-inbox.js';
import { CarrierKinds, type AccountValues, type CarrierContext, type CarrierKind } from '../carrier-kinds.js';
import { SANDBOX, SandboxCarrier } from './sandbox-carrier.js';

/** Every tenant has it in development; in production one that asks for it by `PUT /admin/carriers/sandbox`. */
@Injectable()
export class SandboxKind implements CarrierKind {
  readonly name = SANDBOX;
  readonly title = 'Sandbox';
  readonly secrets = [];

  constructor(
    kinds: CarrierKinds,
    private readonly inbox: CarrierInbox,
  ) {
    kinds.register(this);
  }

  fromEnvironment(): null {
    return null;
  }
  builtIn(config: Config): AccountValues | null {
    return config.isProduction ? null : {};
  }
  baseUrl(): null {
    return null;
  }
  accountId(): string {
    return SANDBOX;
  }
  sender(): null {
    return null;
  }
  open(_values: AccountValues, context: CarrierContext): Promise<SandboxCarrier> {
    return Promise.resolve(new SandboxCarrier(context, this.inbox));
  }
}
