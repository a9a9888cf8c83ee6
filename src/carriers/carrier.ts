import type { Channel } from '../domain/channel.js';

/**
 * A provider account that can send: the port that every adapter implements. An adapter knows HTTP and its provider's words; it knows no
 * store, no message document and no framework. `test/contract/carrier.contract.spec.ts` holds every adapter to what is said here.
 */
export interface Carrier {
  readonly capabilities: Capabilities;

  /**
   * Hands one text to the provider: one HTTP call, without retries inside. Never throws for the provider or the network; what can't be
   * told for sure is `unknown`. `signal` ends the call early: what was written by then may have been taken, so that is `unknown`, too.
   */
  send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome>;

  /** Proves that the credentials belong to the account. Costs nothing and sends nothing. Never throws for the provider or the network. */
  test(signal: AbortSignal): Promise<TestOutcome>;

  /** Reads what the provider calls us with: first the signature or the secret, then the shape. Pure: the same call gives the same answer. */
  readCallback(call: ProviderCall): CallbackReading;

  /**
   * Asks the provider what became of a text whose receipt didn't arrive; absent where a provider can't be asked. `none`: it knows of no
   * such text; `later`: it didn't answer. Never throws for the provider or the network.
   */
  fetchReceipt?(ref: string, signal: AbortSignal): Promise<Receipt | 'none' | 'later'>;

  /**
   * The texts that the account has received since then, oldest first, also those that a callback has brought before; null when the
   * provider didn't answer. Absent where a provider keeps no list.
   */
  fetchInbound?(since: Date, signal: AbortSignal): Promise<InboundText[] | null>;

  /**
   * Calls a number; what is said there comes from `url`. One HTTP call, without retries inside. Never throws for the provider or the
   * network. Absent where a provider makes no calls.
   */
  startCall?(call: OutgoingCall, signal: AbortSignal): Promise<CallOutcome>;
}

export interface Capabilities {
  channels: readonly Channel[];
  /** Most characters of one text. */
  characters: number;
  /** Texts a second that the provider takes from one account, unless the account says another rate. */
  per_second: number;
  /** Calls at the same time, unless the account says another number. */
  concurrency: number;
  /** Whether receipts can arrive: false where no callback can come because PUBLIC_URL isn't set, and nothing can be fetched. */
  receipts: boolean;
}

export interface OutgoingText {
  /**
   * Our id of this attempt (`attemptId`). An adapter puts it where the provider returns it in callbacks: a callback can overtake the
   * answer of its send.
   */
  attempt: string;
  channel: Channel;
  /** E.164 for sms and whatsapp, an address for email, and for push what `domain/push-target` writes. */
  to: string;
  /** The number that it leaves by, E.164; null: the account's own. */
  from: string | null;
  /** Of an e-mail, or the title of a push. Other channels have none. */
  subject?: string;
  text: string;
  /** A page of ours where the recipient of an e-mail ends all of them. */
  unsubscribeUrl?: string;
}

/** What became of a send. `code` is the provider's own; `reason` is a sentence of ours, never the provider's text with numbers in it. */
export type SendOutcome =
  /** Taken. `ref`: the provider's id of it, null when the answer had none. `receipts`: whether one will tell how it ends. */
  | { kind: 'accepted'; ref: string | null; receipts: boolean }
  /**
   * Surely not sent, and it never will be. `route`: this account can't send it, another might; `recipient`: nobody can send to this
   * number; `text`: no provider would take it. `opt_out`: the recipient has stopped this sender at the provider. `dead_address`: there is
   * nobody at this address any more.
   */
  | {
      kind: 'refused';
      fault: 'route' | 'recipient' | 'text';
      code: string;
      reason: string;
      opt_out?: true;
      dead_address?: true;
    }
  /**
   * Surely not sent; may be tried again. `load`: the provider asks for patience, which says nothing about its health. `failure`: it can't
   * work now, or won't with these credentials. `retry_after`: seconds that the provider asks for. `account`: nothing else of the account
   * goes before then, either.
   */
  | {
      kind: 'later';
      cause: 'load' | 'failure';
      code: string;
      reason: string;
      retry_after?: number;
      account?: true;
    }
  /** Nobody can tell: the text may have left us. It is never sent again. */
  | { kind: 'unknown'; reason: string };

/** A call by telephone that we make. */
export interface OutgoingCall {
  /** The number that the other side sees, E.164. */
  from: string;
  /** E.164. */
  to: string;
  /** The provider asks there what to do once somebody answers. */
  url: string;
}

/** What became of a call that we make, in the words of `SendOutcome`. */
export type CallOutcome =
  /** It will ring. `ref`: the provider's id of it, null when the answer had none. */
  | { kind: 'accepted'; ref: string | null }
  /** It surely won't ring, now or never. */
  | { kind: 'refused' | 'later'; code: string; reason: string }
  /** Nobody can tell: it may ring. */
  | { kind: 'unknown'; reason: string };

export type TestOutcome =
  /** `name`: what the provider calls the account. */
  | { kind: 'proven'; name?: string }
  /** The provider says that these are not the account's credentials. `field`: which of ours to look at. */
  | { kind: 'refused'; field: string; code: string; reason: string }
  /** It couldn't be tried now. */
  | { kind: 'untried'; code: string; reason: string };

/** A call of a provider as it arrived. */
export interface ProviderCall {
  /** What the route is for: received texts, receipts, calls by telephone. */
  about: 'inbound' | 'status' | 'voice';
  method: string;
  /** PUBLIC_URL + path and query as received: what a provider signs. */
  url: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The address that it came from, behind trusted proxies. */
  address: string;
  /** The body as it arrived. */
  body: string;
  /** OPEN_SURFACES, in development: a secret in the URL isn't asked for. */
  isOpen?: true;
}

export type CallbackReading =
  /** Not from the provider: 403. */
  | { kind: 'forged'; reason: string }
  /** From the provider, and not what it says it sends: 400 that names the field. */
  | { kind: 'malformed'; field: string; reason: string }
  | { kind: 'read'; events: readonly CarrierEvent[] }
  /** A call by telephone: the provider waits for what to do. */
  | { kind: 'call'; call: PhoneCall };

export type CarrierEvent = Receipt | InboundText;

/** A delivery receipt. */
export interface Receipt {
  kind: 'receipt';
  /** The provider's id of the text; null when it told none. */
  ref: string | null;
  /** Our id of the attempt, where it came back. */
  attempt: string | null;
  /** What it says in our words; `none`: nothing that changes a message. `failed`: it didn't or won't arrive. */
  state: 'sending' | 'sent' | 'delivered' | 'failed' | 'none';
  /** What the provider calls it. */
  status: string;
  /** Flowroute's level: 1 for the carrier, 2 for the handset. */
  level?: number;
  code: string | null;
  /** A sentence of ours, where the code has one. */
  reason?: string;
  opt_out?: true;
  dead_address?: true;
  price?: Price;
}

export interface Price {
  /** What it costs us, as a decimal: `0.0075`. */
  amount: string;
  /** ISO 4217. */
  currency: string;
}

/** A text that a provider received for one of the account's numbers. */
export interface InboundText {
  kind: 'inbound';
  /** The provider's id of it. */
  ref: string;
  channel: Channel;
  /** E.164 for a number; other senders (short codes, names, ids) unchanged. */
  from: string;
  to: string;
  text: string;
  /** When the provider says that it arrived; null when it doesn't. */
  received_at: Date | null;
  /** How many pictures and other files came with it; we keep none. */
  media?: number;
  /** The provider has recognised a stop, start or help word itself, and may have answered it. */
  keyword?: 'stop' | 'start' | 'help';
}

/** A call by telephone at one of the account's numbers, as the provider tells it when it begins and when it ends. */
export interface PhoneCall {
  /** The provider's id of it. */
  ref: string;
  /** E.164 for a number; a caller who hides theirs is a word. */
  from: string;
  to: string;
  state: 'under_way' | 'ended';
  /** How long it took, once it has ended and the provider says. */
  seconds?: number;
}

/** The id of an attempt: the message and the lease under which it was sent. */
export function attemptId(messageId: string, leaseId: string): string {
  return `${messageId}.${leaseId}`;
}

/** Null for what is no attempt's id. */
export function readAttemptId(text: string): { messageId: string; leaseId: string } | null {
  const [, messageId, leaseId] = /^(msg_[0-9a-z_]{1,60})\.(lea_[0-9a-z]{26})$/.exec(text) ?? [];
  return messageId && leaseId ? { messageId, leaseId } : null;
}
