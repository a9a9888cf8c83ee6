import { createHmac } from 'node:crypto';
import type { Callback } from './callback-sender.js';
import { ProviderServer, type Call, type Reply, type TakenText } from './provider-server.js';

/** A text that somebody sent to one of the account's numbers. */
export interface ReceivedAtTwilio {
  sid: string;
  from: string;
  to: string;
  body: string;
  at: Date;
  /** More fields of the callback: `OptOutType`, `ButtonText`, `NumMedia`. */
  more: Record<string, string>;
}

/** A call by telephone that the account was asked to make. */
export interface CallMade {
  sid: string;
  from: string;
  to: string;
  url: string;
}

const AUTH_TOKEN = 'the token of the fake account';

/** Twilio on loopback: messages, their list, the account, and callbacks signed like Twilio's. */
export class FakeTwilio extends ProviderServer {
  accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
  authToken = AUTH_TOKEN;
  /** What the account resource says. */
  account: Record<string, unknown> = { status: 'active', friendly_name: 'The shop' };
  accountReply: Reply | null = null;
  /** What a page of the list is answered with instead. */
  listReply: (call: Call) => Reply | null = () => null;
  /** How a text ends. */
  fate: (text: TakenText) => { status: string; code: number | null } = () => ({ status: 'delivered', code: null });
  readonly received: ReceivedAtTwilio[] = [];
  readonly callsMade: CallMade[] = [];
  /** What a call is answered with instead of being made. */
  callReply: (form: URLSearchParams) => Reply | null = () => null;
  private made = 0;

  protected sends(method: string, path: string): boolean {
    return method === 'POST' && path.endsWith('/Messages.json');
  }

  protected refusal(call: Call): Reply | null {
    const form = new URLSearchParams(call.body);
    if (!this.knows(call)) return twilioError(401, 20003, 'Authenticate');
    if (!call.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
      return twilioError(415, 20001, 'Unsupported Media Type');
    if (!form.get('To')) return twilioError(400, 21604, "A 'To' phone number is required.");
    if (!form.get('From') && !form.get('MessagingServiceSid'))
      return twilioError(400, 21603, "A 'From' phone number is required.");
    if (!form.get('Body')) return twilioError(400, 21602, 'Message body is required.');
    if (form.get('Body')!.length > 1600)
      return twilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
    return null;
  }

  protected read({ body }: Call): TakenText {
    const form = new URLSearchParams(body);
    const callbackUrl = form.get('StatusCallback');
    const text: TakenText = {
      ref: this.nextSid(),
      attempt: callbackUrl ? new URL(callbackUrl).searchParams.get('attempt') : null,
      to: form.get('To')!,
      from: form.get('From') ?? form.get('MessagingServiceSid'),
      text: form.get('Body')!,
      callbackUrl,
      status: 'queued',
      code: null,
      at: this.now(),
    };
    return Object.assign(text, this.fate(text));
  }

  protected yes(text: TakenText): Reply {
    return { status: 201, body: this.resource({ ...text, status: 'queued', code: null }) };
  }

  protected receipts(text: TakenText): Callback[] {
    const statuses = text.status === 'failed' ? ['failed'] : ['sent', text.status];
    return statuses.map((status) => this.statusCallback(text, status, status === text.status ? text.code : null));
  }

  /** What Twilio posts when the text has got this status. */
  statusCallback(text: TakenText, status: string, code: number | null = null): Callback {
    return this.callback(text.callbackUrl!, {
      SmsSid: text.ref,
      SmsStatus: status,
      MessageStatus: status,
      To: text.to,
      MessageSid: text.ref,
      AccountSid: this.accountSid,
      ...(text.from?.startsWith('MG') ? { MessagingServiceSid: text.from } : { From: text.from ?? '' }),
      ApiVersion: '2010-04-01',
      ...(code ? { ErrorCode: String(code) } : {}),
    });
  }

  /** Somebody texts one of the numbers; nobody is told yet. */
  receive(from: string, to: string, body: string, more: Record<string, string> = {}): ReceivedAtTwilio {
    const text = { sid: this.nextSid(), from, to, body, at: this.now(), more };
    this.received.push(text);
    return text;
  }

  inboundCallback({ sid, from, to, body, more }: ReceivedAtTwilio, url: string): Callback {
    return this.callback(url, {
      ToCountry: 'US',
      SmsMessageSid: sid,
      NumMedia: '0',
      SmsSid: sid,
      SmsStatus: 'received',
      Body: body,
      To: to,
      NumSegments: '1',
      MessageSid: sid,
      AccountSid: this.accountSid,
      From: from,
      ApiVersion: '2010-04-01',
      ...more,
    });
  }

  /** Somebody calls one of the numbers, or one of our calls is answered: Twilio asks at `url` what to do. */
  voiceCallback(url: string, fields: Record<string, string>, method: 'POST' | 'GET' = 'POST'): Callback {
    const { From = '', To = '' } = fields;
    const all: Record<string, string> = {
      AccountSid: this.accountSid,
      ApiVersion: '2010-04-01',
      CallSid: `CA${(++this.made).toString(16).padStart(32, '0')}`,
      CallStatus: 'ringing',
      Called: To,
      Caller: From,
      Direction: 'inbound',
      ...fields,
    };
    if (method === 'POST') return this.callback(url, all);
    const asked = `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(all)}`;
    const headers = { 'x-twilio-signature': twilioSignature(this.authToken, asked, {}) };
    return { method, url: this.reach(asked), headers, body: '' };
  }

  /** A signed POST of these fields. */
  callback(url: string, fields: Record<string, string>): Callback {
    return {
      method: 'POST',
      url: this.reach(url),
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': twilioSignature(this.authToken, url, fields),
        'user-agent': 'TwilioProxy/1.1',
      },
      body: new URLSearchParams(fields).toString(),
    };
  }

  protected serve(call: Call): Reply {
    if (!this.knows(call)) return twilioError(401, 20003, 'Authenticate');
    const [, rest] = call.path.split(`/2010-04-01/Accounts/${this.accountSid}`);
    if (rest === '.json') return this.accountReply ?? { status: 200, body: { sid: this.accountSid, ...this.account } };
    if (rest === '/Calls.json') return this.makeCall(new URLSearchParams(call.body));
    if (rest === '/Messages.json') return this.listReply(call) ?? this.list(call);
    const text = this.taken.find(({ ref }) => rest === `/Messages/${ref}.json`);
    return text ? { status: 200, body: this.resource(text) } : twilioError(404, 20404, 'The resource was not found');
  }

  private makeCall(form: URLSearchParams): Reply {
    const [to, from, url] = [form.get('To'), form.get('From'), form.get('Url')];
    if (!to) return twilioError(400, 21201, "No 'To' number is specified");
    if (!from) return twilioError(400, 21213, "No 'From' number is specified");
    if (!url) return twilioError(400, 21205, 'Url is not valid');
    const refused = this.callReply(form);
    if (refused) return refused;
    const sid = `CA${(++this.made).toString(16).padStart(32, '0')}`;
    this.callsMade.push({ sid, from, to, url });
    return { status: 201, body: { sid, from, to, status: 'queued', direction: 'outbound-api' } };
  }

  private knows({ path, headers }: Call): boolean {
    const basic = Buffer.from(`${this.accountSid}:${this.authToken}`).toString('base64');
    return headers.authorization === `Basic ${basic}` && path.startsWith(`/2010-04-01/Accounts/${this.accountSid}`);
  }

  private list({ path, query }: Call): Reply {
    const after = Date.parse(query.get('DateSent>') ?? '1970-01-01');
    const rows = [
      ...this.taken.map((text) => ({ at: text.at, row: this.resource(text) })),
      ...this.received.map((text) => ({ at: text.at, row: this.inboundResource(text) })),
    ]
      .filter(({ at }) => at.getTime() >= after)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime());
    const [size, page] = [Number(query.get('PageSize') ?? 50), Number(query.get('Page') ?? 0)];
    const next = new URLSearchParams([...query].filter(([name]) => name !== 'Page'));
    next.set('Page', String(page + 1));
    const more = rows.length > (page + 1) * size;
    const messages = rows.slice(page * size, (page + 1) * size).map(({ row }) => row);
    return { status: 200, body: { messages, page, page_size: size, next_page_uri: more ? `${path}?${next}` : null } };
  }

  private resource(text: TakenText): Record<string, unknown> {
    return {
      sid: text.ref,
      account_sid: this.accountSid,
      to: text.to,
      from: text.from?.startsWith('MG') ? null : text.from,
      messaging_service_sid: text.from?.startsWith('MG') ? text.from : null,
      body: text.text,
      status: text.status,
      direction: 'outbound-api',
      num_segments: '1',
      num_media: '0',
      price: text.status === 'queued' ? null : '-0.00750',
      price_unit: 'USD',
      error_code: text.code,
      error_message: null,
      date_created: text.at.toUTCString().replace('GMT', '+0000'),
      date_sent: text.at.toUTCString().replace('GMT', '+0000'),
      api_version: '2010-04-01',
      uri: `/2010-04-01/Accounts/${this.accountSid}/Messages/${text.ref}.json`,
    };
  }

  private inboundResource({ sid, from, to, body, at, more }: ReceivedAtTwilio): Record<string, unknown> {
    const text = {
      ref: sid,
      attempt: null,
      to,
      from,
      text: body,
      callbackUrl: null,
      status: 'received',
      code: null,
      at,
    };
    return { ...this.resource(text), direction: 'inbound', num_media: more['NumMedia'] ?? '0' };
  }

  private nextSid(): string {
    return `SM${(++this.made).toString(16).padStart(32, '0')}`;
  }
}

/** An error as Twilio words it; its message has the number in it, as Twilio's have. */
export function twilioError(
  status: number,
  code: number | null,
  message = 'Error',
  headers?: Record<string, string>,
): Reply {
  const moreInfo = `https://www.twilio.com/docs/errors/${code}`;
  const body = { ...(code === null ? {} : { code }), message, more_info: moreInfo, status };
  return { status, body, ...(headers ? { headers } : {}) };
}

/** Base64 of the HMAC-SHA1 over the URL and the fields, sorted by name. */
export function twilioSignature(token: string, url: string, fields: Record<string, string>): string {
  const signed = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name]);
  return createHmac('sha1', token)
    .update(url + signed.join(''))
    .digest('base64');
}
