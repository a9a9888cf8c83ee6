import type { CallbackReading, Carrier, OutgoingText, SendOutcome, TestOutcome } from '../../src/carriers/carrier.js';
import { CarrierAccounts } from '../../src/carriers/carrier-accounts.js';
import { CarrierKinds, type AccountValues, type CarrierKind } from '../../src/carriers/carrier-kinds.js';
import type { Config } from '../../src/config/load-config.js';
import type { TestGateway } from './gateway.js';

export const SID = (n: number) => `AC${String(n).padStart(32, '0')}`;

/** What the provider says to these credentials: a secret tells what it's for. */
function outcomeFor(secret: string): TestOutcome {
  if (secret.startsWith('wrong'))
    return { kind: 'refused', field: 'auth_token', code: '20003', reason: 'These are not its credentials.' };
  if (secret.startsWith('down')) return { kind: 'untried', code: 'ECONNREFUSED', reason: 'Nobody answers.' };
  return { kind: 'proven', name: 'SafeShop' };
}

class StandInCarrier implements Carrier {
  readonly capabilities = {
    channels: ['sms', 'whatsapp'] as const,
    characters: 160,
    per_second: 10,
    concurrency: 4,
    receipts: true,
  };
  constructor(private readonly secret: string) {}

  send(text: OutgoingText): Promise<SendOutcome> {
    sent.push(text);
    return Promise.resolve({ kind: 'accepted', ref: null, receipts: false });
  }
  test(): Promise<TestOutcome> {
    return Promise.resolve(outcomeFor(down.has(this.secret) ? 'down' : this.secret));
  }
  readCallback(): CallbackReading {
    return { kind: 'read', events: [] };
  }
}
/** What was handed to any of them. */
export const sent: OutgoingText[] = [];
/** Secrets of accounts whose provider doesn't answer just now. */
export const down = new Set<string>();

const open = (values: AccountValues): Promise<Carrier> =>
  Promise.resolve(new StandInCarrier(String(values['auth_token'] ?? values['secret_key'] ?? 'right')));

const TWILIO: CarrierKind = {
  name: 'twilio',
  title: 'Twilio',
  secrets: ['auth_token'],
  callbackPaths: { inbound: '/carriers/twilio/inbound' },
  fromEnvironment: ({ TWILIO_ACCOUNT_SID: account_sid, TWILIO_AUTH_TOKEN: auth_token }: Config) =>
    account_sid && auth_token ? { account_sid, auth_token } : null,
  baseUrl: () => null,
  accountId: ({ account_sid }) => String(account_sid),
  sender: ({ from }) => (from === undefined ? null : String(from)),
  open,
};
const FLOWROUTE: CarrierKind = {
  name: 'flowroute',
  title: 'Flowroute',
  secrets: ['secret_key', 'callback_token'],
  callbackPaths: { inbound: '/carriers/flowroute/{callback_token}/inbound' },
  fromEnvironment: (config: Config) => {
    const { FLOWROUTE_ACCESS_KEY: access_key, FLOWROUTE_SECRET_KEY: secret_key } = config;
    const { FLOWROUTE_CALLBACK_TOKEN: callback_token } = config;
    return access_key && secret_key ? { access_key, secret_key, ...(callback_token ? { callback_token } : {}) } : null;
  },
  baseUrl: () => null,
  accountId: ({ access_key }) => String(access_key),
  sender: () => null,
  open,
};
const SANDBOX: CarrierKind = {
  name: 'sandbox',
  title: 'Sandbox',
  secrets: [],
  builtIn: ({ isProduction }) => (isProduction ? null : {}),
  fromEnvironment: () => null,
  baseUrl: () => null,
  accountId: () => 'sandbox',
  sender: () => null,
  open,
};

/** Puts providers that need no network in the place of the real ones. */
export function useStandIns(gateway: TestGateway): void {
  for (const kind of [TWILIO, FLOWROUTE, SANDBOX]) gateway.get(CarrierKinds).register(kind);
  gateway.get(CarrierAccounts).forget();
}
