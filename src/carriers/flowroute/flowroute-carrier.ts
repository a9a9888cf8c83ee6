import type {
  CallbackReading,
  Capabilities,
  Carrier,
  InboundText,
  OutgoingText,
  ProviderCall,
  Receipt,
  SendOutcome,
  TestOutcome,
} from '../carrier.js';
import type { CarrierContext } from '../carrier-kinds.js';
import { httpCall, jsonOf, type HttpOutcome } from '../http-call.js';
import type { FlowrouteAccount } from './flowroute-account.js';
import { readCallback } from './flowroute-callback.js';
import { listInbound } from './flowroute-list.js';
import { outcomeOfSend } from './flowroute-outcome.js';
import { receiptOfRecord } from './flowroute-receipt.js';
import { objectIn } from './json-reading.js';

const JSON_API = 'application/vnd.api+json';

/** A Flowroute account: SMS. */
export class FlowrouteCarrier implements Carrier {
  /** Flowroute takes five texts a second. Receipts can always be fetched. */
  readonly capabilities: Capabilities = {
    channels: ['sms'],
    characters: 1600,
    per_second: 5,
    concurrency: 5,
    receipts: true,
  };
  private readonly authorization: string;

  constructor(
    private readonly account: FlowrouteAccount,
    private readonly context: CarrierContext,
  ) {
    const credentials = `${account.accessKey}:${account.secretKey}`;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    const from = text.from ?? this.account.from;
    if (!from) {
      const reason = 'The Flowroute account has no number to send from: set from';
      return { kind: 'refused', fault: 'route', code: 'no_sender', reason };
    }
    const callback = this.callbackUrl(text.attempt);
    const fields = {
      to: this.written(text.to),
      from: this.written(from),
      body: text.text,
      ...(callback ? { dlr_callback: callback } : {}),
    };
    const body = this.account.body === 'flat' ? fields : { data: { type: 'message', attributes: fields } };
    const result = await this.call('POST', '', signal, JSON.stringify(body));
    return outcomeOfSend(result, this.context.now(), callback !== null);
  }

  /** Looks for the texts of the last minute. */
  async test(signal: AbortSignal): Promise<TestOutcome> {
    const since = new Date(this.context.now().getTime() - 60_000).toISOString();
    const result = await this.call('GET', `?start_date=${encodeURIComponent(since)}&limit=1`, signal);
    if (result.kind !== 'answered')
      return { kind: 'untried', code: result.code, reason: `Flowroute did not answer (${result.code})` };
    const code = `http_${result.status}`;
    if (result.status === 401 || result.status === 403) {
      const reason = 'Flowroute refuses the credentials: access_key and secret_key do not belong together';
      return { kind: 'refused', field: 'secret_key', code, reason };
    }
    if (result.status === 200) return { kind: 'proven' };
    return { kind: 'untried', code, reason: `Flowroute does not show the account's texts (HTTP ${result.status})` };
  }

  readCallback(call: ProviderCall): CallbackReading {
    return readCallback(call, this.account);
  }

  async fetchReceipt(ref: string, signal: AbortSignal): Promise<Receipt | 'none' | 'later'> {
    const result = await this.call('GET', `/${encodeURIComponent(ref)}`, signal);
    if (result.kind !== 'answered') return 'later';
    if (result.status === 404) return 'none';
    const attributes = objectIn(objectIn(jsonOf(result), 'data'), 'attributes');
    return result.status === 200 && 'status' in attributes ? receiptOfRecord(ref, attributes) : 'later';
  }

  fetchInbound(since: Date, signal: AbortSignal): Promise<InboundText[] | null> {
    return listInbound((query) => this.call('GET', query, signal), since);
  }

  private call(method: string, path: string, signal: AbortSignal, body?: string): Promise<HttpOutcome> {
    const headers = {
      authorization: this.authorization,
      accept: JSON_API,
      ...(body === undefined ? {} : { 'content-type': JSON_API, 'content-length': String(Buffer.byteLength(body)) }),
    };
    const url = this.account.messagesUrl + path;
    return httpCall({ method, url, headers, signal, ...(body === undefined ? {} : { body }) });
  }

  private callbackUrl(attempt: string): string | null {
    const { callbackToken } = this.account;
    const { publicUrl } = this.context;
    if (!publicUrl || !callbackToken) return null;
    return `${publicUrl}/carriers/flowroute/${callbackToken}/receipt?attempt=${encodeURIComponent(attempt)}`;
  }

  /** v2.1 wants the digits alone. */
  private written(number: string): string {
    return this.account.api === 'v2.1' ? number.replace(/^\+/, '') : number;
  }
}
