import type { Carrier, OutgoingText, ProviderCall } from '../../src/carriers/carrier.js';
import type { CarrierContext } from '../../src/carriers/carrier-kinds.js';
import { asTenantId } from '../../src/common/tenant-id.js';
import type { Callback } from '../fakes/callback-sender.js';
import type { ProviderServer } from '../fakes/provider-server.js';

/** How a send ends, for every adapter. */
export const ENDINGS = [
  'accepted',
  'accepted in words that nobody can read',
  'refused by the route',
  'refused for the recipient',
  'refused for the text',
  'refused because of an opt-out',
  'refused for a reason without a code',
  'asked for patience',
  'asked for patience as overloaded',
  'wrong credentials',
  'no connection',
  'cut before it was read',
  'cut after it was read',
  'failed at the provider after it was read',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** `asked for patience`: the provider names this time. */
export const PATIENCE_SECONDS = 7;
export const PUBLIC_URL = 'https://sms.example.test';

/** An adapter and what stands in for its provider. What can't happen with a provider is null; the suite then leaves it out. */
export interface CarrierUnderTest {
  carrier: Carrier;
  /** What an ordinary text of this carrier has otherwise than an SMS. */
  text?: Partial<OutgoingText>;
  /** Makes the next send end so, and returns what differs from an ordinary text, or from the carrier; `asks`: how often it is asked to send. */
  prepare(ending: Ending): { carrier?: Carrier; text?: Partial<OutgoingText>; asks?: number } | null;
  /** Makes the next send wait for an answer for ever; null: it always answers at once. */
  silence: (() => void) | null;
  /** How many texts the provider has been asked to send, and how many it took. */
  asked(): number;
  taken(): number;
  /** The same account with other credentials, and at an address where nobody listens; null: it has none. */
  elsewhere: { wrongCredentials: Carrier; nobodyThere: Carrier } | null;
  /** Callbacks of the provider; null: it makes none. */
  callbacks: {
    status(attempt: string): ProviderCall;
    inbound(from: string, text: string): ProviderCall;
    malformed(): ProviderCall;
    /** Makes a call look as if it came from somebody else. */
    forge(call: ProviderCall): ProviderCall;
  } | null;
  /** What must never show in an outcome. */
  secrets: readonly string[];
  stop(): Promise<void>;
}

export function contextOf(more: Partial<CarrierContext>): CarrierContext {
  return {
    tenant: asTenantId('ten_shop'),
    publicUrl: PUBLIC_URL,
    baseUrl: null,
    trustsStandIn: true,
    now: () => new Date('2026-11-21T10:00:00Z'),
    ...more,
  };
}

/** A callback as our routes hand it over. */
export function callOf(about: ProviderCall['about'], { method, url, headers, body }: Callback): ProviderCall {
  return { about, method, url, headers, body, address: '127.0.0.1' };
}

/** Where nobody listens: the lowest port. */
export const NOBODY = 'http://127.0.0.1:1';

/** The counts of a fake. */
export function countsOf(fake: ProviderServer): Pick<CarrierUnderTest, 'asked' | 'taken'> {
  return { asked: () => fake.sendCalls().length, taken: () => fake.taken.length };
}
