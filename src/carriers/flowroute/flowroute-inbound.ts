import type { InboundText } from '../carrier.js';
import { e164 } from './flowroute-account.js';
import { objectsIn, textIn, timeIn, type Json } from './json-reading.js';

/** A text that Flowroute received, or the field that is missing. `message`: the whole of it, with what it has beside its data. */
export function readText(ref: string | null, attributes: Json, message: Json): InboundText | { missing: string } {
  const [from, to] = [textIn(attributes, 'from'), textIn(attributes, 'to')];
  if (ref === null) return { missing: 'id' };
  if (from === null) return { missing: 'from' };
  if (to === null) return { missing: 'to' };
  const media = mediaOf(attributes, message);
  return {
    kind: 'inbound',
    ref,
    channel: 'sms',
    from: e164(from.trim()),
    to: e164(to.trim()),
    text: textIn(attributes, 'body') ?? '',
    received_at: timeIn(attributes, 'timestamp'),
    ...(media > 0 ? { media } : {}),
  };
}

function mediaOf(attributes: Json, message: Json): number {
  const files = objectsIn(message, 'included').filter(({ type }) => type === 'media').length;
  return String(attributes['is_mms']) === 'true' ? Math.max(1, files) : files;
}
