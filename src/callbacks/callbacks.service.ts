import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CarrierAccounts } from '../carriers/carrier-accounts.js';
import { CarrierInbox } from '../carriers/carrier-inbox.js';
import type { CallbackReading, PhoneCall, ProviderCall } from '../carriers/carrier.js';
import type { OpenAccount } from '../carriers/open-account.js';
import { forbidden, invalidField, type ApiError } from '../common/errors.js';
import { Config } from '../config/load-config.js';
import { DEFAULT_TENANT } from '../tenants/tenant.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { CallbackEvents } from './callback-events.js';
import { storable } from './event-limits.js';
import { completeVersion1 } from './flowroute-version-1.js';
import { providerCall } from './provider-call.js';

/** A call by telephone that Twilio tells of. */
export interface ReadPhoneCall {
  account: OpenAccount;
  call: PhoneCall;
  /** Where Twilio asked what to do. */
  url: string;
}

interface Recognized {
  account: OpenAccount;
  reading: Exclude<CallbackReading, { kind: 'forged' | 'malformed' }>;
}

/** Takes the calls of providers: whose account is it, is it really the provider, what does it say; then it is stored. */
@Injectable()
export class CallbacksService {
  private readonly logger = new Logger(CallbacksService.name);

  constructor(
    private readonly accounts: CarrierAccounts,
    private readonly inbox: CarrierInbox,
    private readonly events: CallbackEvents,
    private readonly tenants: TenantsService,
    private readonly config: Config,
  ) {}

  /** @throws ApiError 403 or 400 */
  async fromTwilio(about: 'inbound' | 'status', request: FastifyRequest): Promise<void> {
    const call = this.read('twilio', about, request);
    await this.take('twilio', call, await this.twilioAccounts(call, request));
  }

  /** Nothing of it is stored: Twilio waits for what to do. @throws ApiError 403 or 400 */
  async phoneCallFromTwilio(request: FastifyRequest): Promise<ReadPhoneCall> {
    const call = this.read('twilio', 'voice', request);
    const { account, reading } = this.recognize('twilio', call, await this.twilioAccounts(call, request));
    if (reading.kind !== 'call') throw new Error('what a carrier reads at a route for phone calls is one');
    return { account, call: reading.call, url: call.url };
  }

  /** @throws ApiError 403 or 400 */
  async fromFlowroute(about: 'inbound' | 'status', token: string, request: FastifyRequest): Promise<void> {
    const call = this.read('flowroute', about, request);
    const account = await this.accounts.byCallbackToken('flowroute', token);
    await this.take('flowroute', call, account ? [account] : []);
  }

  /**
   * The URL of the source system, which had no secret: ours comes in its query. With OPEN_SURFACES a call without one is the default tenant's.
   * @throws ApiError 403 or 400
   */
  async fromFlowrouteAtRoot(token: string | undefined, request: FastifyRequest): Promise<void> {
    const received = this.read('flowroute', 'inbound', request);
    const body = completeVersion1(received.body);
    if (typeof body !== 'string') throw this.malformed('flowroute', body.missing, 'is required');
    const call = { ...received, body };
    if (token !== undefined) {
      const url = new URL(`/carriers/flowroute/${encodeURIComponent(token)}/inbound`, call.url).href;
      const account = await this.accounts.byCallbackToken('flowroute', token);
      return this.take('flowroute', { ...call, url }, account ? [account] : []);
    }
    const isOpen = this.config.OPEN_SURFACES && !this.config.isProduction;
    const account = isOpen ? await this.accounts.find(await this.tenants.idOf(DEFAULT_TENANT), 'flowroute') : null;
    await this.take('flowroute', { ...call, isOpen: true }, account ? [account] : []);
  }

  private async twilioAccounts({ method, body }: ProviderCall, { query }: FastifyRequest): Promise<OpenAccount[]> {
    // Some callbacks tell only the message and its status, so the adapter's StatusCallback names the account, too.
    const { account, AccountSid } = query as Record<string, unknown>;
    const named = [method === 'GET' ? AccountSid : new URLSearchParams(body).get('AccountSid'), account];
    const ids = new Set(named.filter((id): id is string => typeof id === 'string' && id !== ''));
    if (ids.size === 0) throw this.malformed('twilio', 'AccountSid', 'is required');
    return (await Promise.all([...ids].map((id) => this.accounts.byAccountId('twilio', id)))).flat();
  }

  private read(carrier: string, about: ProviderCall['about'], request: FastifyRequest): ProviderCall {
    const call = providerCall(about, request, this.config);
    if (!URL.canParse(call.url)) throw this.malformed(carrier, 'url', 'is not a URL');
    if (call.body === '' && call.method !== 'GET') throw this.malformed(carrier, 'body', 'is required');
    return call;
  }

  private async take(carrier: string, call: ProviderCall, accounts: readonly OpenAccount[]): Promise<void> {
    const { account, reading } = this.recognize(carrier, call, accounts);
    if (reading.kind !== 'read') throw new Error('what a carrier reads at a route for texts are events');
    const { events, problem } = storable(reading.events);
    if (problem) throw this.malformed(carrier, problem.field, problem.message);
    const { tenant, name, accountId } = account;
    await this.inbox.put(events.map((event) => ({ tenant, carrier: name, accountId, event })));
  }

  /** Several tenants may use one account at the provider; only one of them knows its present secret. */
  private recognize(carrier: string, call: ProviderCall, accounts: readonly OpenAccount[]): Recognized {
    let refused = 'no account is known by it';
    for (const account of accounts) {
      const reading = account.carrier.readCallback(call);
      if (reading.kind === 'malformed') throw this.malformed(carrier, reading.field, reading.reason);
      if (reading.kind !== 'forged') return { account, reading };
      refused = reading.reason;
    }
    // No URL and no header of the call: both may have a secret in them.
    const accountIds = accounts.map(({ accountId }) => accountId);
    const told = { carrier, about: call.about, address: call.address, accounts: accountIds, reason: refused };
    this.logger.warn(told, 'a callback was refused as forged');
    this.events.tell(carrier, 'forged');
    throw forbidden('This callback is not signed by the provider of an account that the gateway knows.');
  }

  private malformed(carrier: string, field: string, message: string): ApiError {
    this.events.tell(carrier, 'malformed');
    return invalidField(field, message);
  }
}
