import type { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { CallbackReading, ProviderCall } from '../carrier.js';
import { phoneCallOf } from './twilio-call.js';
import { inboundOf, otherChannelOf } from './twilio-inbound.js';
import { priceOf, receiptOf } from './twilio-receipt.js';

/** Twilio signs the public URL with its query, and the fields of a form. */
export function readCallback(call: ProviderCall, authToken: string, validate: typeof validateRequest): CallbackReading {
  const signature = call.headers['x-twilio-signature'];
  if (!signature) return { kind: 'forged', reason: 'The call has no X-Twilio-Signature' };
  const query = new URLSearchParams(call.url.split('?')[1] ?? '');
  // A GET has its fields in the URL, which is signed as a whole.
  const posted = call.method === 'GET' ? new URLSearchParams() : new URLSearchParams(call.body);
  if (!isSigned(call.url, posted, signature, authToken, validate))
    return { kind: 'forged', reason: 'The signature does not fit this URL, these fields and the auth_token' };
  const fields = call.method === 'GET' ? query : posted;
  if (call.about === 'voice') return phoneCallOf(fields);
  return call.about === 'status' ? status(fields, query.get('attempt')) : inbound(fields);
}

function isSigned(
  url: string,
  posted: URLSearchParams,
  signature: string,
  token: string,
  validate: typeof validateRequest,
): boolean {
  const values = new Map<string, string[]>();
  for (const [name, value] of posted) {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  // Without a prototype: a field may have any name.
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, all] of values) fields[name] = all.length === 1 ? all[0]! : all;
  try {
    return validate(token, signature, url, fields);
  } catch {
    return false; // it can't read the URL
  }
}

function status(fields: URLSearchParams, attempt: string | null): CallbackReading {
  const ref = fields.get('MessageSid') || fields.get('SmsSid');
  if (!ref) return missing('MessageSid');
  const status = fields.get('MessageStatus') || fields.get('SmsStatus');
  if (!status) return missing('MessageStatus');
  const price = priceOf(fields.get('Price'), fields.get('PriceUnit'));
  return { kind: 'read', events: [receiptOf({ ref, attempt, status, code: fields.get('ErrorCode'), price })] };
}

function inbound(fields: URLSearchParams): CallbackReading {
  const field = (name: string): string => fields.get(name) ?? '';
  const ref = field('MessageSid') || field('SmsSid') || field('SmsMessageSid');
  if (!ref) return missing('MessageSid');
  const from = field('From') || field('ExternalUserId');
  if (!from) return missing('From');
  if (!field('To')) return missing('To');
  const other = otherChannelOf(from) ?? otherChannelOf(field('To'));
  if (other)
    return { kind: 'malformed', field: 'From', reason: `Texts of ${other} are not read; only SMS and WhatsApp` };
  const text = inboundOf({
    ref,
    from,
    to: field('To'),
    text: field('Body') || field('ButtonText'),
    receivedAt: null,
    media: field('NumMedia'),
    whatsapp: field('ExternalUserId').startsWith('whatsapp:'),
  });
  const keyword = KEYWORDS[field('OptOutType').toUpperCase()];
  return { kind: 'read', events: [keyword ? { ...text, keyword } : text] };
}

const KEYWORDS: Readonly<Record<string, 'stop' | 'start' | 'help' | undefined>> = Object.assign(Object.create(null), {
  STOP: 'stop',
  START: 'start',
  HELP: 'help',
});

function missing(field: string): CallbackReading {
  return { kind: 'malformed', field, reason: `${field} is missing` };
}
