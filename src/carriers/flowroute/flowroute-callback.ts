import { sameSecret } from '../../common/secrets.js';
import { readAttemptId, type CallbackReading, type ProviderCall } from '../carrier.js';
import type { FlowrouteAccount } from './flowroute-account.js';
import { readText } from './flowroute-inbound.js';
import { receiptOf } from './flowroute-receipt.js';
import { objectIn, readObject, textIn, type Json } from './json-reading.js';

/** Flowroute signs nothing: the secret in the path, and the address where the account has a list of them. */
export function readCallback(call: ProviderCall, account: FlowrouteAccount): CallbackReading {
  const { pathname, searchParams } = new URL(call.url);
  const token = /\/carriers\/flowroute\/([^/]+)\//.exec(pathname)?.[1] ?? '';
  if (!call.isOpen && (account.callbackToken === null || !sameSecret(token, account.callbackToken)))
    return { kind: 'forged', reason: 'the secret in its URL is not the account’s' };
  if (!account.mayCall(call.address)) return { kind: 'forged', reason: 'its address is not one of allowed_addresses' };
  const json = readObject(call.body);
  if (!json) return { kind: 'malformed', field: 'body', reason: 'is not a JSON object' };
  return readEvent(json, searchParams.get('attempt'));
}

/** What it is, it says itself: one URL may be set at Flowroute for both. Version 1 has its fields at the top. */
function readEvent(json: Json, attempt: string | null): CallbackReading {
  const isWrapped = 'data' in json;
  const data = isWrapped ? objectIn(json, 'data') : json;
  const attributes = isWrapped ? objectIn(data, 'attributes') : json;
  const at = (field: string) => (isWrapped ? `data.${field === 'id' ? '' : 'attributes.'}${field}` : field);
  const missing = (field: string): CallbackReading => ({ kind: 'malformed', field: at(field), reason: 'is required' });
  const ref = textIn(data, 'id');
  if (isReceipt(data, attributes)) {
    const known = attempt !== null && readAttemptId(attempt) ? attempt : null;
    if (ref === null && known === null) return missing('id');
    if (textIn(attributes, 'status') === null) return missing('status');
    return { kind: 'read', events: [receiptOf(ref, known, attributes)] };
  }
  if (textIn(attributes, 'direction') === 'outbound') return { kind: 'read', events: [] };
  const text = readText(ref, attributes, json);
  return 'missing' in text ? missing(text.missing) : { kind: 'read', events: [text] };
}

function isReceipt({ type }: Json, attributes: Json): boolean {
  return type === 'delivery_receipt' || ('level' in attributes && !('from' in attributes));
}
