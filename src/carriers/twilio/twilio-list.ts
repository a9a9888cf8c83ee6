import type { InboundText } from '../carrier.js';
import { jsonOf } from '../http-call.js';
import type { TwilioClient } from './twilio-client.js';
import { inboundOf, otherChannelOf } from './twilio-inbound.js';

/** The list holds what was sent, too, newest first; beyond these pages nobody looks. */
const PAGE_SIZE = 1000;
const MOST_PAGES = 50;
const MOST_TEXTS = 5000;

/** The texts that the account has received since then, oldest first; null when a page couldn't be had. */
export async function listInbound(
  client: TwilioClient,
  since: Date,
  signal: AbortSignal,
): Promise<InboundText[] | null> {
  const found: InboundText[] = [];
  const midnight = new Date(since.toISOString().slice(0, 10));
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES && found.length < MOST_TEXTS; page++) {
    const at: string | null = next;
    const result = await client.call(signal, (twilio) =>
      at
        ? twilio.request({ method: 'get', uri: at })
        : twilio.messages.page({ dateSentAfter: midnight, pageSize: PAGE_SIZE }),
    );
    if (result.kind !== 'answered' || result.status !== 200) return null;
    const { messages, next_page_uri: following } = jsonOf(result);
    if (!Array.isArray(messages)) return null;
    const rows = messages as Record<string, unknown>[];
    found.push(...rows.flatMap((row) => inboundRow(row, since)));
    next = typeof following === 'string' && following.startsWith('/') ? `https://api.twilio.com${following}` : null;
    const last = rows.length > 0 ? timeOf(rows.at(-1)!) : null;
    if (!next || (last && last < since)) break;
  }
  return found.slice(0, MOST_TEXTS).toSorted((a, b) => a.received_at!.getTime() - b.received_at!.getTime());
}

function inboundRow(row: Record<string, unknown>, since: Date): InboundText[] {
  const receivedAt = timeOf(row);
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
  const [ref, from, to] = [text('sid'), text('from'), text('to')];
  if (row['direction'] !== 'inbound' || !receivedAt || receivedAt < since || !ref || !from || !to) return [];
  if (otherChannelOf(from) ?? otherChannelOf(to)) return [];
  return [inboundOf({ ref, from, to, text: text('body'), receivedAt, media: row['num_media'] })];
}

/** Twilio writes dates as mails do: `Thu, 24 Aug 2023 05:01:45 +0000`. */
function timeOf(row: Record<string, unknown>): Date | null {
  const time = Date.parse(String(row['date_sent'] ?? row['date_created']));
  return Number.isNaN(time) ? null : new Date(time);
}
