import type { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type {
  CallbackReading,
  CallOutcome,
  Capabilities,
  Carrier,
  InboundText,
  OutgoingCall,
  OutgoingText,
  ProviderCall,
  Receipt,
  SendOutcome,
  TestOutcome,
} from '../carrier.js';
import type { CarrierContext } from '../carrier-kinds.js';
import { jsonOf } from '../http-call.js';
import { addressesOf, type TwilioAccount } from './twilio-account.js';
import { outcomeOfCall } from './twilio-call.js';
import { readCallback } from './twilio-callback.js';
import type { TwilioClient } from './twilio-client.js';
import { listInbound } from './twilio-list.js';
import { outcomeOfSend } from './twilio-outcome.js';
import { priceOf, receiptOf } from './twilio-receipt.js';
import { outcomeOfTest } from './twilio-test-outcome.js';

/** A Twilio account: SMS, WhatsApp and calls by telephone. */
export class TwilioCarrier implements Carrier {
  /** Twilio queues what a number can't send yet; the account's own `per_second` is for who wants less. Receipts can always be fetched. */
  readonly capabilities: Capabilities = {
    channels: ['sms', 'whatsapp'],
    characters: 1600,
    per_second: 50,
    concurrency: 20,
    receipts: true,
  };

  constructor(
    private readonly account: TwilioAccount,
    private readonly context: CarrierContext,
    private readonly client: TwilioClient,
    private readonly validate: typeof validateRequest,
  ) {}

  async send(text: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    const addresses = addressesOf(this.account, text);
    if (!addresses) {
      const reason = 'The Twilio account has no sender: set from or messaging_service_sid';
      return { kind: 'refused', fault: 'route', code: 'no_sender', reason };
    }
    const { publicUrl } = this.context;
    // The account as well: not every callback names it.
    const query = new URLSearchParams({ attempt: text.attempt, account: this.account.accountSid });
    const result = await this.client.call(signal, (twilio) =>
      twilio.messages.create({
        ...addresses,
        body: text.text,
        ...(publicUrl ? { statusCallback: `${publicUrl}/carriers/twilio/status?${query}` } : {}),
      }),
    );
    return outcomeOfSend(result, this.context.now(), publicUrl !== null);
  }

  async test(signal: AbortSignal): Promise<TestOutcome> {
    const { accountSid } = this.account;
    return outcomeOfTest(await this.client.call(signal, (twilio) => twilio.api.v2010.accounts(accountSid).fetch()));
  }

  readCallback(call: ProviderCall): CallbackReading {
    return readCallback(call, this.account.authToken, this.validate);
  }

  async fetchReceipt(ref: string, signal: AbortSignal): Promise<Receipt | 'none' | 'later'> {
    const result = await this.client.call(signal, (twilio) => twilio.messages(ref).fetch());
    if (result.kind !== 'answered') return 'later';
    if (result.status === 404) return 'none';
    const { status, error_code: code, price, price_unit: unit } = jsonOf(result);
    if (result.status !== 200 || typeof status !== 'string') return 'later';
    return receiptOf({ ref, attempt: null, status, code, price: priceOf(price, unit) });
  }

  fetchInbound(since: Date, signal: AbortSignal): Promise<InboundText[] | null> {
    return listInbound(this.client, since, signal);
  }

  async startCall(call: OutgoingCall, signal: AbortSignal): Promise<CallOutcome> {
    return outcomeOfCall(await this.client.call(signal, (twilio) => twilio.calls.create({ ...call })));
  }
}
