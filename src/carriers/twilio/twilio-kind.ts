import { Injectable } from '@nestjs/common';
import type { Config } from '../../config/load-config.js';
import type { Carrier } from '../carrier.js';
import { CarrierKinds, type AccountValues, type CarrierContext, type CarrierKind } from '../carrier-kinds.js';
import { readAccount, senderOf } from './twilio-account.js';
import { TwilioCarrier } from './twilio-carrier.js';
import { TwilioClient } from './twilio-client.js';

@Injectable()
export class TwilioKind implements CarrierKind {
  readonly name = 'twilio';
  readonly title = 'Twilio';
  readonly secrets = ['auth_token'];
  /** Statuses need no setting: each text names where its own go. */
  readonly callbackPaths = { inbound: '/carriers/twilio/inbound', voice: '/carriers/twilio/voice' };

  constructor(kinds: CarrierKinds) {
    kinds.register(this);
  }

  fromEnvironment(config: Config): AccountValues | null {
    const { TWILIO_ACCOUNT_SID: account_sid, TWILIO_AUTH_TOKEN: auth_token } = config;
    if (!account_sid || !auth_token) return null;
    const { TWILIO_FROM: from, TWILIO_MESSAGING_SERVICE_SID: messaging_service_sid } = config;
    return {
      account_sid,
      auth_token,
      ...(from ? { from } : {}),
      ...(messaging_service_sid ? { messaging_service_sid } : {}),
    };
  }

  baseUrl(config: Config): string | null {
    return config.TWILIO_BASE_URL || null;
  }

  accountId(values: AccountValues): string {
    return readAccount(values).accountSid;
  }

  sender(values: AccountValues): string | null {
    return senderOf(readAccount(values));
  }

  /** The package takes 200 ms to load, so only who has an account at Twilio loads it. */
  async open(values: AccountValues, context: CarrierContext): Promise<Carrier> {
    const [{ default: twilio }, { default: webhooks }] = await Promise.all([
      import('twilio'),
      import('twilio/lib/webhooks/webhooks.js'),
    ]);
    const account = readAccount(values);
    const client = new TwilioClient(twilio.Twilio, account, context.baseUrl);
    return new TwilioCarrier(account, context, client, webhooks.validateRequest);
  }
}
