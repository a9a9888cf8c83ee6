import { addressesIn, isNetwork, splitList } from '../../config/networks.js';
import type { AccountValues } from '../carrier-kinds.js';

export const FLOWROUTE_APIS = ['v2.1', 'v2.2'] as const;
export type FlowrouteApi = (typeof FLOWROUTE_APIS)[number];

export const FLOWROUTE_BODIES = ['wrapped', 'flat'] as const;
export type FlowrouteBody = (typeof FLOWROUTE_BODIES)[number];

export interface FlowrouteAccount {
  accessKey: string;
  secretKey: string;
  /** E.164. */
  from: string | null;
  /** Null: Flowroute can't call us. */
  callbackToken: string | null;
  api: FlowrouteApi;
  body: FlowrouteBody;
  /** Whether callbacks are taken from an address. */
  mayCall(address: string): boolean;
  /** Where texts are sent to, and looked up. */
  messagesUrl: string;
}

const OWN_URL = 'https://api.flowroute.com';

/** `baseUrl` may name the version, as Flowroute's own pages do: `https://api.flowroute.com/v2.2`. Then that one counts. */
export function readAccount(values: AccountValues, baseUrl: string | null): FlowrouteAccount {
  const text = (name: string): string | null => (typeof values[name] === 'string' && values[name]) || null;
  const base = (baseUrl ?? OWN_URL).replace(/\/+$/, '');
  const inUrl = FLOWROUTE_APIS.find((api) => base.endsWith(`/${api}`));
  const api = inUrl ?? FLOWROUTE_APIS.find((one) => one === text('api')) ?? 'v2.1';
  return {
    accessKey: text('access_key') ?? '',
    secretKey: text('secret_key') ?? '',
    from: fromOf(values),
    callbackToken: text('callback_token'),
    api,
    body: text('body') === 'flat' ? 'flat' : 'wrapped',
    mayCall: callersOf(text('allowed_addresses')),
    messagesUrl: `${inUrl ? base : `${base}/${api}`}/messages`,
  };
}

export function fromOf({ from }: AccountValues): string | null {
  return typeof from === 'string' && from !== '' ? e164(from) : null;
}

/** Flowroute's digits without a plus are country code and number; what is too short for that is a short code. */
export function e164(number: string): string {
  return /^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number;
}

/** A list in which nothing is a network lets nobody in. */
function callersOf(list: string | null): (address: string) => boolean {
  if (list === null) return () => true;
  return addressesIn(splitList(list).filter(isNetwork).join(','));
}
